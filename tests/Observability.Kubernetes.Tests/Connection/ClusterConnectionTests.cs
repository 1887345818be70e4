using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Observability.Kubernetes.Tests.Cluster;

namespace Observability.Kubernetes.Tests.Connection;

public class ClusterConnectionTests
{
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // The authority that signs the API server often signs every kubelet too: a certificate of its for another name proves nothing.
    [TestCase("127.0.0.1", true, true)]
    [TestCase("10.9.8.7", true, false)]
    [TestCase("127.0.0.1", false, false)]
    [TestCase("10.9.8.7", false, false)]
    public async Task Only_a_certificate_of_our_authority_for_the_servers_name_is_taken(string address, bool ours, bool taken)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 trusted = Authority(key, "CN=ours");
        using ECDsa otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 other = Authority(otherKey, "CN=theirs");
        using X509Certificate2 server = Issue(ours ? trusted : other, IPAddress.Parse(address));
        string authorities = Path.GetTempFileName();
        await File.WriteAllTextAsync(authorities, trusted.ExportCertificatePem());
        await using ScriptedApi api = await ScriptedApi.StartAsync(
            context => context.Response.WriteAsync("""{"metadata":{"name":"n","uid":"u","resourceVersion":"1"}}"""), server);
        ClusterOptions options = api.Options();
        options.CaFile = authorities;
        using ClusterConnection connection = ClusterConnection.Open(options, TimeProvider.System);
        File.Delete(authorities);

        async Task AskAsync() => await new NamespaceConfirmer(connection, TimeProvider.System).ConfirmAsync("n", CancellationToken.None);

        if (taken)
            await AskAsync();
        else
            await Assert.ThrowsAsync<ClusterUnavailableException>(AskAsync);
        Assert.That(api.Requests.Count, Is.EqualTo(taken ? 1 : 0), "nothing, and no token, is sent to the wrong server");
    }

    [Test]
    public async Task A_kubeconfig_is_used_as_it_stands()
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync();
        string kubeconfig = cluster.Simulator.WriteKubeconfig(cluster.File("kubeconfig"), cluster.Simulator.AdministratorToken);
        using ClusterConnection connection = ClusterConnection.Open(new ClusterOptions { Kubeconfig = kubeconfig }, TimeProvider.System);

        var found = await new NamespaceConfirmer(connection, TimeProvider.System).ConfirmAsync("acme-web", CancellationToken.None);

        Assert.That(found!.Uid, Is.EqualTo(cluster.World.NamespaceUid("acme-web")));
    }

    private static X509Certificate2 Authority(ECDsa key, string name)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(From, To);
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, IPAddress address)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(authority, From, To, RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 withKey = certificate.CopyWithPrivateKey(key);
        // A key that lives in memory alone cannot serve TLS on every system: round through PKCS#12.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
