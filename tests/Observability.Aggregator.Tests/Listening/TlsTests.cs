using System.Net;
using System.Net.Sockets;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Observability.Aggregator.Tests.Listening;

public class TlsTests
{
    [Test]
    public async Task A_rotated_certificate_is_shown_without_a_restart()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var tls = new TlsOptions { CertificateFile = Path.Combine(folder, "tls.crt"), KeyFile = Path.Combine(folder, "tls.key") };
            string first = Write(tls, "CN=first");
            await using TestAggregator aggregator = await TestAggregator.StartAsync(tls: tls);
            string shown = await ShownAsync(aggregator.AggregatorHost.Endpoints.Query);

            string second = Write(tls, "CN=second");
            File.SetLastWriteTimeUtc(tls.CertificateFile, TestAggregator.Start.UtcDateTime); // a clock with coarse ticks must not hide the change
            aggregator.Time.Advance(TimeSpan.FromSeconds(10));

            Assert.That(aggregator.AggregatorHost.Endpoints.Query.Scheme, Is.EqualTo("https"));
            Assert.That(shown, Is.EqualTo(first));
            Assert.That(await ShownAsync(aggregator.AggregatorHost.Endpoints.Query), Is.EqualTo(second));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Write(TlsOptions tls, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest(name, key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(TestAggregator.Start.AddYears(-1), TestAggregator.Start.AddYears(20));
        File.WriteAllText(tls.CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(tls.KeyFile, key.ExportPkcs8PrivateKeyPem());
        return certificate.Thumbprint;
    }

    private static async Task<string> ShownAsync(Uri address)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Parse(address.Host), address.Port);
        string thumbprint = "";
        await using var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, errors) =>
        {
            thumbprint = certificate!.GetCertHashString();
            return errors != SslPolicyErrors.RemoteCertificateNotAvailable; // self-signed on purpose: which one it is, is what the test asks
        });
        await stream.AuthenticateAsClientAsync("aggregator");
        return thumbprint;
    }
}
