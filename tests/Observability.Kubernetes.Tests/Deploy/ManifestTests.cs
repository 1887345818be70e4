using YamlDotNet.RepresentationModel;

namespace Observability.Kubernetes.Tests.Deploy;

/// <summary>Holds <c>deploy/</c> to what its README says.</summary>
public class ManifestTests
{
    private static readonly string[] ForbiddenResources =
        ["secrets", "nodes/proxy", "pods/exec", "pods/attach", "pods/portforward", "pods/log", "serviceaccounts/token"];
    private static readonly string[] ForbiddenVerbs = ["impersonate", "escalate", "bind", "update", "patch", "delete", "deletecollection"];

    [Test]
    public void Roles_are_exactly_the_reviewed_ones()
    {
        string[] rules = [.. Documents("ClusterRole").Concat(Documents("Role")).SelectMany(role => List(role, "rules").Select(rule =>
            $"{Text(role, "metadata", "name")}: {Joined(rule, "verbs")} {Joined(rule, "apiGroups")}/{Joined(rule, "resources")} {Joined(rule, "resourceNames")}".TrimEnd()))
            .Order(StringComparer.Ordinal)];

        Assert.That(rules, Is.EqualTo(new[]
        {
            "observability-aggregator: create authentication.k8s.io/tokenreviews",
            "observability-aggregator: create authorization.k8s.io/subjectaccessreviews",
            "observability-aggregator: get,list,watch /namespaces,nodes,pods",
            "observability-collector: create observability.io/samples",
            "observability-collector: get /nodes/metrics,nodes/stats,nodes/pods",
            "observability-metrics: get observability.io/metrics",
            "observability-tenant-acme: get observability.io/tenants/metrics acme",
        }));
    }

    [Test]
    public void No_role_has_a_wildcard_or_a_dangerous_right()
    {
        YamlNode[] rules = [.. Documents("ClusterRole").Concat(Documents("Role")).SelectMany(role => List(role, "rules"))];
        string[] words = [.. rules.SelectMany(rule => new[] { "verbs", "apiGroups", "resources", "resourceNames", "nonResourceURLs" }.SelectMany(key => Words(rule, key)))];

        Assert.That(rules, Is.Not.Empty);
        Assert.That(words.Where(word => word.Contains('*', StringComparison.Ordinal)), Is.Empty);
        Assert.That(rules.SelectMany(rule => Words(rule, "resources")).Intersect(ForbiddenResources), Is.Empty);
        Assert.That(rules.SelectMany(rule => Words(rule, "verbs")).Intersect(ForbiddenVerbs), Is.Empty);
    }

    [TestCase("DaemonSet", "collector")]
    [TestCase("Deployment", "aggregator")]
    public void Every_workload_passes_Pod_Security_restricted(string kind, string name)
    {
        YamlNode pod = PodSpec(kind, name);

        Assert.That(Find(pod, "hostNetwork") ?? Find(pod, "hostPID") ?? Find(pod, "hostIPC"), Is.Null);
        Assert.That(Text(pod, "securityContext", "runAsNonRoot"), Is.EqualTo("true"));
        Assert.That(Text(pod, "securityContext", "runAsUser"), Does.Match("^[1-9][0-9]+$"));
        Assert.That(Text(pod, "securityContext", "seccompProfile", "type"), Is.EqualTo("RuntimeDefault"));
        Assert.That(Text(pod, "automountServiceAccountToken"), Is.EqualTo("false"));
        Assert.That(
            List(pod, "volumes").SelectMany(volume => ((YamlMappingNode)volume).Children.Keys).Select(key => key.ToString()).Distinct(),
            Is.SubsetOf(new[] { "name", "projected", "configMap", "secret", "emptyDir", "persistentVolumeClaim" }));
        YamlNode[] containers = [.. List(pod, "containers"), .. List(pod, "initContainers")];
        Assert.That(containers, Is.Not.Empty);
        foreach (YamlNode container in containers)
        {
            Assert.That(Text(container, "securityContext", "allowPrivilegeEscalation"), Is.EqualTo("false"));
            Assert.That(Text(container, "securityContext", "readOnlyRootFilesystem"), Is.EqualTo("true"));
            Assert.That(List(container, "securityContext", "capabilities", "drop").Select(word => word.ToString()), Is.EqualTo(new[] { "ALL" }));
            Assert.That(Find(container, "securityContext", "capabilities", "add") ?? Find(container, "securityContext", "privileged"), Is.Null);
            Assert.That(Find(container, "resources", "requests", "cpu"), Is.Not.Null);
            Assert.That(Find(container, "resources", "limits", "memory"), Is.Not.Null);
            Assert.That(Find(container, "resources", "limits", "ephemeral-storage"), Is.Not.Null);
            Assert.That(List(container, "ports").Where(port => Find(port, "hostPort") is not null), Is.Empty);
        }
    }

    [Test]
    public void The_namespace_enforces_what_the_workloads_keep() =>
        Assert.That(Text(Documents("Namespace").Single(), "metadata", "labels", "pod-security.kubernetes.io/enforce"), Is.EqualTo("restricted"));

    [Test]
    public void The_push_token_is_short_and_for_ingest_alone()
    {
        YamlNode push = List(PodSpec("DaemonSet", "collector"), "volumes").SelectMany(volume => List(volume, "projected", "sources"))
            .Select(source => Find(source, "serviceAccountToken")).OfType<YamlNode>().Single(token => Find(token, "audience") is not null);

        Assert.That(Text(push, "audience"), Is.EqualTo("observability-ingest"));
        Assert.That(Text(push, "expirationSeconds"), Is.EqualTo("600"));
    }

    [Test]
    public void What_no_policy_names_is_denied_both_ways()
    {
        YamlNode deny = Documents("NetworkPolicy").Single(policy => Text(policy, "metadata", "name") == "default-deny");

        Assert.That(((YamlMappingNode)Find(deny, "spec", "podSelector")!).Children, Is.Empty);
        Assert.That(List(deny, "spec", "policyTypes").Select(type => type.ToString()), Is.EquivalentTo(new[] { "Ingress", "Egress" }));
        Assert.That(Find(deny, "spec", "ingress") ?? Find(deny, "spec", "egress"), Is.Null);
        foreach (YamlNode rule in Documents("NetworkPolicy").SelectMany(policy => List(policy, "spec", "ingress").Concat(List(policy, "spec", "egress"))))
        {
            Assert.That(List(rule, "ports"), Is.Not.Empty, "a rule without ports opens all");
            Assert.That(List(rule, "from").Concat(List(rule, "to")), Is.Not.Empty, "a rule without peers opens to all");
        }
    }

    private static YamlNode PodSpec(string kind, string name) =>
        Find(Documents(kind).Single(item => Text(item, "metadata", "name") == name), "spec", "template", "spec")!;

    private static IEnumerable<YamlNode> Documents(string kind) =>
        Directory.EnumerateFiles(Path.Combine(Root(), "deploy"), "*.yaml", SearchOption.AllDirectories).SelectMany(file =>
        {
            using StreamReader reader = File.OpenText(file);
            var stream = new YamlStream();
            stream.Load(reader);
            return stream.Documents.Select(document => document.RootNode).ToArray();
        }).Where(document => Text(document, "kind") == kind);

    private static YamlNode? Find(YamlNode? node, params string[] path)
    {
        foreach (string key in path)
            node = node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value) ? value : null;
        return node;
    }

    private static string? Text(YamlNode node, params string[] path) => (Find(node, path) as YamlScalarNode)?.Value;

    private static YamlNode[] List(YamlNode node, params string[] path) => Find(node, path) is YamlSequenceNode list ? [.. list] : [];

    private static string[] Words(YamlNode node, string key) => [.. List(node, key).Select(word => word.ToString())];

    private static string Joined(YamlNode node, string key) => string.Join(',', Words(node, key));

    private static string Root()
    {
        DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Observability.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("No folder above the tests holds Observability.sln.");
    }
}
