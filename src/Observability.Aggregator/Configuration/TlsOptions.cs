namespace Observability.Aggregator;

/// <summary>The server's certificate. Files are read again when they change, so that a rotation needs no restart.</summary>
public sealed class TlsOptions
{
    /// <summary>PEM file with the certificate and its chain. Empty: no TLS, which only loopback addresses may.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file with the private key.</summary>
    public string KeyFile { get; set; } = "";

    internal bool IsSet => CertificateFile.Length > 0 || KeyFile.Length > 0;
}
