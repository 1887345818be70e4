using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Observability.Model;

namespace Observability.Demo;

/// <summary>The command line: options, their help, and what is wrong with them.</summary>
internal static class DemoCommand
{
    private static readonly Option<int> Nodes = Count("--nodes", "Nodes of the simulated cluster, 1 to 20.", 3, 1, 20);
    private static readonly Option<int> PodsPerNode = Count("--pods-per-node", "Pods on each simulated node, 6 to 110.", 10, 6, 110);
    private static readonly Option<TimeSpan?> Duration = Time("--duration", "Ends the run after this long, such as 60s or 5m. Default: at Ctrl-C.");
    private static readonly Option<TimeSpan?> Interval = Time("--scrape-interval", "Time between two scrapes of a node, such as 5s. Default: 5s.");
    private static readonly Option<int> QueryPort = Port("--query-port", "HTTP queries", 8080);
    private static readonly Option<int> GrpcPort = Port("--grpc-port", "gRPC queries", 8082);
    private static readonly Option<int> AdminPort = Port("--admin-port", "health and own metrics", 8081);
    private static readonly Option<int> IngestPort = Port("--ingest-port", "collectors", 8083);
    private static readonly Option<FileInfo?> Session =
        new("--session") { Description = "Writes links and tokens as JSON into this file once the first data is there.", HelpName = "FILE" };
    private static readonly Option<DirectoryInfo?> Data =
        new("--data") { Description = "Keeps the store in this folder, so that the next run has it too. Default: a temporary folder.", HelpName = "DIR" };
    private static readonly Option<FileInfo> Kubeconfig = new Option<FileInfo>("--kubeconfig")
    {
        Description = "Uses the cluster of this kubeconfig in place of the simulated one. The manifests of deploy/ must be applied there.",
        HelpName = "FILE",
    }.AcceptExistingOnly();
    private static readonly Option<bool> KubeletInsecureTls =
        new("--kubelet-insecure-tls") { Description = "With --kubeconfig: takes any certificate of the kubelets." };
    private static readonly Option<ServiceAccountRef[]> Accounts = new("--account")
    {
        Description = "With --kubeconfig: a service account to print a token for, as label=namespace/name. May be repeated.",
        HelpName = "LABEL=NAMESPACE/NAME",
        CustomParser = result => [.. result.Tokens.Select(token => Account(token.Value, result)).OfType<ServiceAccountRef>()],
    };
    private static readonly Option<ServiceAccountRef> CollectorAccount = new("--collector-account")
    {
        Description = "With --kubeconfig: the service account that reads kubelets and pushes for every node. Default: observability/collector-multi.",
        HelpName = "NAMESPACE/NAME",
        CustomParser = result => Account(result.Tokens[0].Value, result),
    };
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Prints the logs of all parts, not only their warnings." };

    /// <summary>The command; runs the demo with what was parsed.</summary>
    public static RootCommand Create(Func<DemoOptions, CancellationToken, Task<int>> run)
    {
        var command = new RootCommand(
            "Metrics of a multi-tenant cluster in one process: a simulated cluster, a collector per node, and the aggregator, on loopback.")
        {
            Nodes, PodsPerNode, Duration, Interval, QueryPort, GrpcPort, AdminPort, IngestPort, Session, Data,
            Kubeconfig, KubeletInsecureTls, Accounts, CollectorAccount, Verbose,
        };
        command.SetAction((parsed, cancellationToken) => run(Read(parsed), cancellationToken));
        return command;
    }

    private static DemoOptions Read(ParseResult parsed) => new()
    {
        Nodes = parsed.GetValue(Nodes),
        PodsPerNode = parsed.GetValue(PodsPerNode),
        Duration = parsed.GetValue(Duration),
        ScrapeInterval = parsed.GetValue(Interval) ?? TimeSpan.FromSeconds(5),
        QueryPort = parsed.GetValue(QueryPort),
        GrpcPort = parsed.GetValue(GrpcPort),
        AdminPort = parsed.GetValue(AdminPort),
        IngestPort = parsed.GetValue(IngestPort),
        Session = parsed.GetValue(Session),
        Data = parsed.GetValue(Data),
        Kubeconfig = parsed.GetValue(Kubeconfig),
        KubeletInsecureTls = parsed.GetValue(KubeletInsecureTls),
        Accounts = parsed.GetValue(Accounts) ?? [],
        CollectorAccount = parsed.GetValue(CollectorAccount) ?? new ServiceAccountRef("collector", "observability", "collector-multi"),
        Verbose = parsed.GetValue(Verbose),
    };

    private static Option<int> Count(string name, string description, int fallback, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => fallback, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) &&
                (value < least || value > most))
                result.AddError($"{name} is {value}; it must be {least} to {most}.");
        });
        return option;
    }

    private static Option<int> Port(string name, string what, int fallback) =>
        Count(name, $"Port of 127.0.0.1 for {what}; 0 takes a free one.", fallback, 0, 65535);

    private static Option<TimeSpan?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (Durations.TryParse(result.Tokens[0].Value, out TimeSpan time) && time >= TimeSpan.FromSeconds(1))
                return time;
            result.AddError($"{name} is {result.Tokens[0].Value}; it must be a number with ms, s, m or h, at least 1s.");
            return null;
        },
    };

    private static ServiceAccountRef? Account(string text, ArgumentResult result)
    {
        if (ServiceAccountRef.TryParse(text, out ServiceAccountRef? account))
            return account;
        result.AddError($"{text} names no service account; write label=namespace/name.");
        return null;
    }
}
