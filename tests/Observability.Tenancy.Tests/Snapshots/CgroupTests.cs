using Observability.Model;
using static Observability.Tenancy.Tests.TestDirectory;

namespace Observability.Tenancy.Tests.Snapshots;

public sealed class CgroupTests : IDisposable
{
    private readonly TestDirectory _test = new();

    public void Dispose() => _test.Dispose();

    [SetUp]
    public void Two_tenants_and_the_system()
    {
        _test.Directory.ReplaceNamespaces(
            [Namespace("kube-system", "u0", null), Namespace("a", "u1", "acme"), Namespace("v", "u2", "globex")], 100);
    }

    [Test]
    public void A_static_pod_is_found_by_its_config_hash_and_by_its_mirrors_uid()
    {
        _test.Directory.Upsert(Pod("mirror", "kube-system", cgroupUid: "hash"));

        Assert.That(_test.Now.TryGetPodByCgroup("n1", "hash", out DirectoryPod? pod), Is.True);
        Assert.That(pod!.Uid, Is.EqualTo("mirror"));
        Assert.That(_test.Now.TryGetPod("mirror", out _), Is.True);
        Assert.That(_test.Now.TryGetPodByCgroup("n1", "mirror", out _), Is.False);
        Assert.That(_test.Now.TryGetPodByCgroup("n2", "hash", out _), Is.False);
    }

    [Test]
    public void A_pod_that_claims_anothers_uid_by_annotation_does_not_get_its_rows()
    {
        _test.Directory.Upsert(Pod("victim", "v"));
        _test.Directory.Upsert(Pod("attacker", "a", rv: 2, cgroupUid: "victim"));

        Assert.That(_test.Now.TryGetPodByCgroup("n1", "victim", out DirectoryPod? pod), Is.True);
        Assert.That(pod!.Tenant, Is.EqualTo(_test.Tenant("globex")));
    }

    [Test]
    public void A_config_hash_that_two_tenants_claim_is_nobodys()
    {
        _test.Directory.Upsert(Pod("mirror", "v", cgroupUid: "hash"));
        _test.Directory.Upsert(Pod("attacker", "a", rv: 2, cgroupUid: "hash"));

        Assert.That(_test.Now.TryGetPodByCgroup("n1", "hash", out _), Is.False);
    }

    [Test]
    public void A_config_hash_of_the_systems_own_pod_stays_its_own_whoever_claims_it_too()
    {
        _test.Directory.Upsert(Pod("mirror", "kube-system", cgroupUid: "hash"));
        _test.Directory.Upsert(Pod("attacker", "a", rv: 2, cgroupUid: "hash"));

        Assert.That(_test.Now.TryGetPodByCgroup("n1", "hash", out DirectoryPod? pod), Is.True);
        Assert.That(pod!.Uid, Is.EqualTo("mirror"));
    }

    [Test]
    public void A_mirror_pod_made_again_takes_over_the_config_hash()
    {
        _test.Directory.Upsert(Pod("mirror1", "kube-system", rv: 2, cgroupUid: "hash"));
        _test.Directory.RemovePod("mirror1", 3);
        _test.Directory.Upsert(Pod("mirror2", "kube-system", rv: 4, cgroupUid: "hash"));

        Assert.That(_test.Now.TryGetPodByCgroup("n1", "hash", out DirectoryPod? pod), Is.True);
        Assert.That(pod!.Uid, Is.EqualTo("mirror2"));
    }
}
