using Microsoft.Extensions.Options;

namespace Observability.Kubernetes;

/// <summary>The ranges that stand at the members of <see cref="ClusterOptions"/>, and what must fit together.</summary>
internal sealed class ClusterOptionsValidator(string section) : IValidateOptions<ClusterOptions>
{
    private static readonly ClusterOptionsRanges Ranges = new();

    public ValidateOptionsResult Validate(string? name, ClusterOptions options)
    {
        List<string> failures = [];
        if (Ranges.Validate(name, options) is { Failed: true } ranges)
            failures.AddRange(ranges.Failures);

        void Require(bool holds, string failure)
        {
            if (!holds)
                failures.Add($"{section}:{failure}");
        }

        Require(options.Kubeconfig is null || options.Server is null, "Kubeconfig and Server exclude each other.");
        Require(options.Kubeconfig is not null || options.Context is null, "Context needs Kubeconfig.");
        Require(options.Kubeconfig is null || File.Exists(options.Kubeconfig), "Kubeconfig names no file.");
        Require(options.Server is not null || (options.CaFile ?? options.TokenFile) is null, "CaFile and TokenFile need Server.");
        Require(options.CaFile is null || File.Exists(options.CaFile), "CaFile names no file.");
        Require(options.TokenFile is null || File.Exists(options.TokenFile), "TokenFile names no file.");
        if (options.Server is { } server)
        {
            bool https = server.IsAbsoluteUri && server.Scheme == Uri.UriSchemeHttps;
            bool loopback = server.IsAbsoluteUri && server.Scheme == Uri.UriSchemeHttp && server.IsLoopback;
            Require(https || loopback, "Server must be an https URL (http on loopback alone).");
            Require(!https || options.CaFile is not null, "CaFile is required with an https Server.");
        }
        Require(options.FirstRetry <= options.LastRetry, "FirstRetry must not be longer than LastRetry.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}

[OptionsValidator]
internal sealed partial class ClusterOptionsRanges : IValidateOptions<ClusterOptions>;
