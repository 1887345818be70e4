using System.Text;
using CsCheck;
using Observability.Collector.Classification;

namespace Observability.Collector.Tests.Classification;

internal sealed class CgroupIdTests
{
    private const string Uid = "abc66d5c-37cb-4b97-a699-920af63264fe";
    private const string SystemdUid = "abc66d5c_37cb_4b97_a699_920af63264fe";
    private const string Hash = "0850a0d1d9f43db17a594e64b8222f8d";
    private const string Container = "4e3c3995a482052cf747766b86aec0f28954e9d09b1f4ffc8d9da9b4ca37388b";
    private const string Systemd = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + SystemdUid + ".slice";

    [TestCase("/", "Root||")]
    [TestCase("/kubepods", "Slice||")]
    [TestCase("/kubepods/besteffort", "Slice||")]
    [TestCase("/kubepods.slice/kubepods-burstable.slice", "Slice||")]
    [TestCase("/system.slice/kubelet.service", "Slice||")]
    [TestCase("/kubepods/besteffort/pod" + Uid, "Pod|" + Uid + "|")]
    [TestCase("/kubepods/pod" + Uid, "Pod|" + Uid + "|", TestName = "A_guaranteed_pod_has_no_quality_of_service_in_its_path")]
    [TestCase("/kubepods/burstable/pod" + Hash, "Pod|" + Hash + "|", TestName = "A_static_pods_path_has_its_configuration_hash")]
    [TestCase("/kubepods/besteffort/pod" + Uid + "/" + Container, "Container|" + Uid + "|" + Container)]
    [TestCase(Systemd, "Pod|" + SystemdUid + "|")]
    [TestCase("/kubepods.slice/kubepods-pod" + SystemdUid + ".slice", "Pod|" + SystemdUid + "|")]
    [TestCase("/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod" + SystemdUid + ".slice", "Pod|" + SystemdUid + "|")]
    [TestCase(Systemd + "/cri-containerd-" + Container + ".scope", "Container|" + SystemdUid + "|" + Container)]
    [TestCase(Systemd + "/crio-" + Container + ".scope", "Container|" + SystemdUid + "|" + Container)]
    [TestCase(Systemd + "/crio-conmon-" + Container + ".scope", "Nested|" + SystemdUid + "|")]
    [TestCase("/kubelet/kubepods/besteffort/pod" + Uid, "Pod|" + Uid + "|", TestName = "A_prefix_of_the_host_changes_nothing")]
    [TestCase("/kubepods/pod" + Uid + "/" + Container + "/kubepods/pod" + Hash, "Nested|" + Uid + "|", TestName = "What_a_tenant_makes_below_its_container_is_nobody_elses_pod")]
    [TestCase("/elsewhere/pod" + Uid, "Slice||", TestName = "A_pod_stands_below_kubepods")]
    [TestCase("", "Slice||")]
    public void A_path_says_where_a_cgroup_stands(string path, string expected)
    {
        CgroupId id = CgroupId.Parse(Encoding.UTF8.GetBytes(path));

        Assert.That($"{id.Level}|{Encoding.UTF8.GetString(id.PodUid)}|{Encoding.UTF8.GetString(id.ContainerId)}", Is.EqualTo(expected));
    }

    [Test]
    public void Any_bytes_are_a_path() =>
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            CgroupId id = CgroupId.Parse(bytes);

            Assert.That(id.ContainerId.Length, Is.Zero.Or.EqualTo(64));
        });
}
