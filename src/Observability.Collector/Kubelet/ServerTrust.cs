using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Observability.Collector.Kubelet;

/// <summary>Whether a server's certificate is taken. The CA file is read at each handshake, so that it may rotate.</summary>
internal static class ServerTrust
{
    /// <param name="caFile">PEM file of the CAs; null: the machine's trust store.</param>
    /// <param name="insecure">Takes any certificate.</param>
    internal static SslClientAuthenticationOptions Options(string? caFile, bool insecure = false)
    {
        var options = new SslClientAuthenticationOptions { CertificateRevocationCheckMode = X509RevocationMode.NoCheck };
#pragma warning disable CA5359 // asked for by name, and warned of at start
        if (insecure)
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        if (!insecure && caFile is not null)
            options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(caFile, certificate, chain, errors);
        return options;
    }

    private static bool IsTrusted(string caFile, X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        // The name was compared by the platform; only an unknown root is left to decide here.
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            return false;
        try
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // server authentication
            chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(caFile);
            if (presented is not null)
                chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
            return chain.Build((X509Certificate2)certificate);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return false; // no readable CA, no trust
        }
    }
}
