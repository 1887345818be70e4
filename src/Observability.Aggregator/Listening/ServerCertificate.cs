using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Observability.Aggregator.Listening;

/// <summary>
/// The certificate that listeners show. A handshake looks at most every five seconds whether the files changed and then reads them
/// again (Kubernetes swaps a symbolic link, which file watchers miss); files that cannot be read leave the old one in use.
/// </summary>
internal sealed partial class ServerCertificate(TlsOptions options, TimeProvider time, ILogger<ServerCertificate> logger)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private (DateTime Certificate, DateTime Key) _written = Written(options);
    private SslStreamCertificateContext _current = Load(options);
    private long _checked = time.GetTimestamp();

    public SslStreamCertificateContext Current()
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_checked) < CheckInterval)
                return _current;
            _checked = time.GetTimestamp();
            try
            {
                var written = Written(options);
                if (written != _written)
                {
                    _current = Load(options);
                    _written = written;
                    LogReloaded(options.CertificateFile);
                }
            }
            catch (Exception exception) when (exception is IOException or CryptographicException or UnauthorizedAccessException)
            {
                LogNotReloaded(exception, options.CertificateFile);
            }
            return _current;
        }
    }

    /// <summary>Why the files cannot be used, naming the key; null when they can.</summary>
    public static string? Fault(TlsOptions options)
    {
        foreach ((string key, string file) in new[] { ("Tls:CertificateFile", options.CertificateFile), ("Tls:KeyFile", options.KeyFile) })
        {
            if (!File.Exists(file))
                return $"{key}: there is no file '{file}'";
        }
        try
        {
            Load(options);
            return null;
        }
        catch (Exception exception) when (exception is IOException or CryptographicException or UnauthorizedAccessException or ArgumentException)
        {
            return $"Tls:CertificateFile: cannot be used with Tls:KeyFile: {exception.Message}";
        }
    }

    // Links are followed: what counts is when the file behind them was written.
    private static (DateTime, DateTime) Written(TlsOptions options) => (Written(options.CertificateFile), Written(options.KeyFile));

    private static DateTime Written(string file) => (File.ResolveLinkTarget(file, returnFinalTarget: true) ?? new FileInfo(file)).LastWriteTimeUtc;

    private static SslStreamCertificateContext Load(TlsOptions options)
    {
        using var pem = X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(options.CertificateFile);
        // By way of PKCS#12: an ephemeral key as PEM makes it cannot serve TLS on every platform.
        X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    [LoggerMessage(EventId = 4010, Level = LogLevel.Information, Message = "Read the server certificate {File} again")]
    private partial void LogReloaded(string file);

    [LoggerMessage(EventId = 4011, Level = LogLevel.Error, Message = "Cannot read the changed server certificate {File}; the old one stays in use")]
    private partial void LogNotReloaded(Exception exception, string file);
}
