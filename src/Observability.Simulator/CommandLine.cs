using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Observability.Simulator;

/// <summary>What the simulator is started with when it runs alone.</summary>
internal sealed record CommandLine(ulong Seed, int Nodes, int PodsPerNode, int ApiPort, string? KubeconfigFile, string? CertificateFile)
{
    public const string Help = """
        Simulates a small Kubernetes cluster with three tenants on 127.0.0.1: an API server and a kubelet per node, over HTTPS.

          --nodes N              nodes, 1 to 200 (default 3)
          --pods-per-node N      pods on each, 4 to 500 (default 10; 110 is a full node with some 21,000 rows a page)
          --seed N               what everything random is derived from (default 1)
          --api-port N           the API server's port (default 0: any free one)
          --kubeconfig-out FILE  writes a kubeconfig for the administrator
          --ca-out FILE          writes the CA that signed the serving certificates
          --help                 prints this

        It prints the endpoints and tokens, and ends on SIGINT or SIGTERM.
        """;

    /// <summary>All that is wrong is reported at once, each naming its option.</summary>
    public static bool TryParse(string[] arguments, [NotNullWhen(true)] out CommandLine? command, out IReadOnlyList<string> errors)
    {
        CommandLine parsed = new(1, 3, 10, 0, null, null);
        List<string> wrong = [];
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string option = arguments[i];
            string value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            parsed = option switch
            {
                "--seed" => parsed with { Seed = (ulong)Number(option, value, 0, long.MaxValue, wrong) },
                "--nodes" => parsed with { Nodes = (int)Number(option, value, 1, 200, wrong) },
                "--pods-per-node" => parsed with { PodsPerNode = (int)Number(option, value, 4, 500, wrong) },
                "--api-port" => parsed with { ApiPort = (int)Number(option, value, 0, 65_535, wrong) },
                "--kubeconfig-out" => parsed with { KubeconfigFile = File(option, value, wrong) },
                "--ca-out" => parsed with { CertificateFile = File(option, value, wrong) },
                _ => Unknown(option, parsed, wrong),
            };
        }

        errors = wrong;
        command = wrong.Count == 0 ? parsed : null;
        return command is not null;
    }

    private static long Number(string option, string value, long least, long most, List<string> wrong)
    {
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most)
            return number;

        wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{option} wants a number from {least} to {most}, not \"{value}\"."));
        return least;
    }

    private static string File(string option, string value, List<string> wrong)
    {
        if (value.Length == 0)
            wrong.Add($"{option} wants the name of a file.");
        return value;
    }

    private static CommandLine Unknown(string option, CommandLine parsed, List<string> wrong)
    {
        wrong.Add($"{option} is no option; --help lists them.");
        return parsed;
    }
}
