using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Observability.EndToEnd.Tests.Dashboards;

/// <summary>The files that give each tenant its data source and folder in Grafana.</summary>
internal sealed class ProvisioningTests
{
    private static readonly string[] Names = ["acme", "globex", "initech", "operator"];

    private static string Folder(string kind) => Path.Combine(Dashboard.Folder, "provisioning", kind);

    [Test]
    public void Each_tenant_and_the_operator_has_a_data_source_and_dashboards() => Assert.Multiple(() =>
    {
        Assert.That(Directory.GetFiles(Folder("datasources")).Select(Path.GetFileNameWithoutExtension), Is.EquivalentTo(Names));
        Assert.That(Directory.GetFiles(Folder("dashboards")).Select(Path.GetFileNameWithoutExtension), Is.EquivalentTo(Names));
    });

    [TestCaseSource(nameof(Names))]
    public void A_data_source_asks_for_its_tenant_alone_with_its_token_from_a_file(string name)
    {
        YamlNode source = Read("datasources", name)["datasources"][0];

        Assert.Multiple(() =>
        {
            Assert.That(new Uri(Text(source["url"])).AbsolutePath, Is.EqualTo(name == "operator" ? "/" : $"/tenants/{name}"));
            Assert.That(Text(source["jsonData"]["httpHeaderName1"]), Is.EqualTo("Authorization"));
            Assert.That(Text(source["secureJsonData"]["httpHeaderValue1"]), Does.Match($@"^Bearer \$__file\{{/.*/{name}/token\}}$"));
            Assert.That(Text(source["editable"]), Is.EqualTo("false"));
        });
    }

    [Test]
    public void No_two_share_an_organisation() =>
        Assert.That(Names.Select(name => Text(Read("datasources", name)["datasources"][0]["orgId"])), Is.Unique);

    [TestCaseSource(nameof(Names))]
    public void Dashboards_stand_in_the_organisation_of_their_data_source(string name)
    {
        string organisation = Text(Read("datasources", name)["datasources"][0]["orgId"]);
        var providers = (YamlSequenceNode)Read("dashboards", name)["providers"];

        Assert.That(providers.Select(provider => Text(provider["orgId"])), Has.All.EqualTo(organisation));
        string[] kinds = [.. providers.Select(provider => Regex.Match(Text(provider["options"]["path"]), "[a-z]+$").Value)];
        Assert.That(kinds, Is.EqualTo(name == "operator" ? new[] { "tenant", "operator" } : ["tenant"]));
    }

    private static YamlNode Read(string kind, string name)
    {
        using StreamReader text = File.OpenText(Path.Combine(Folder(kind), name + ".yaml"));
        var yaml = new YamlStream();
        yaml.Load(text);
        return yaml.Documents[0].RootNode;
    }

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}
