using System.Net;

namespace Observability.Aggregator.Configuration;

/// <summary>What one key alone cannot tell. Every fault names its key.</summary>
internal static class OptionsValidator
{
    public static IEnumerable<string> Faults(AggregatorOptions options)
    {
        if (options.Cluster.Length is 0 or > 253)
            yield return "Cluster: must be a name of 1 to 253 characters";

        foreach ((string key, string text) in new[]
        {
            ("Listen:Query", options.Listen.Query), ("Listen:Grpc", options.Listen.Grpc),
            ("Listen:Admin", options.Listen.Admin), ("Listen:Ingest", options.Listen.Ingest),
        })
        {
            if (!IPEndPoint.TryParse(text, out IPEndPoint? endpoint) || !text.Contains(':', StringComparison.Ordinal))
                yield return $"{key}: must be an IP address and a port such as 127.0.0.1:8080 or [::]:8443, is '{text}'";
            else if (!IPAddress.IsLoopback(endpoint.Address) && !options.Tls.IsSet)
                yield return $"{key}: {text} is no loopback address, so Tls:CertificateFile and Tls:KeyFile are needed";
        }

        if (options.Tls.IsSet)
        {
            foreach ((string key, string file) in new[] { ("Tls:CertificateFile", options.Tls.CertificateFile), ("Tls:KeyFile", options.Tls.KeyFile) })
            {
                if (file.Length == 0)
                    yield return $"{key}: must be set together with the other one";
            }
            if (options.Tls.CertificateFile.Length > 0 && options.Tls.KeyFile.Length > 0 &&
                Listening.ServerCertificate.Fault(options.Tls) is { } fault)
                yield return fault;
        }

        if (options.Kubernetes.Kubeconfig.Length > 0 && options.Kubernetes.ApiServer.Length > 0)
            yield return "Kubernetes:Kubeconfig: excludes Kubernetes:ApiServer";
        if (options.Kubernetes.ApiServer.Length > 0 && !IsHttp(options.Kubernetes.ApiServer))
            yield return $"Kubernetes:ApiServer: must be an http or https URL, is '{options.Kubernetes.ApiServer}'";
        foreach ((string key, string file) in new[]
        {
            ("Kubernetes:Kubeconfig", options.Kubernetes.Kubeconfig), ("Kubernetes:TokenFile", options.Kubernetes.TokenFile),
            ("Kubernetes:CaFile", options.Kubernetes.CaFile), ("Tenancy:StaticFile", options.Tenancy.StaticFile),
        })
        {
            if (file.Length > 0 && !File.Exists(file))
                yield return $"{key}: there is no file '{file}'";
        }
        foreach ((string key, string file) in new[] { ("Kubernetes:TokenFile", options.Kubernetes.TokenFile), ("Kubernetes:CaFile", options.Kubernetes.CaFile) })
        {
            if (file.Length > 0 && options.Kubernetes.ApiServer.Length == 0)
                yield return $"{key}: needs Kubernetes:ApiServer";
        }

        if (options.Access.QueryAudience.Length == 0)
            yield return "Access:QueryAudience: must not be empty";
        if (options.Access.IngestAudience.Length == 0)
            yield return "Access:IngestAudience: must not be empty";
        if (string.Equals(options.Access.QueryAudience, options.Access.IngestAudience, StringComparison.Ordinal))
            yield return "Access:IngestAudience: must differ from Access:QueryAudience, or a tenant's token could push";
        if (options.Telemetry.OtlpEndpoint.Length > 0 && !IsHttp(options.Telemetry.OtlpEndpoint))
            yield return $"Telemetry:OtlpEndpoint: must be an http or https URL, is '{options.Telemetry.OtlpEndpoint}'";
    }

    private static bool IsHttp(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}
