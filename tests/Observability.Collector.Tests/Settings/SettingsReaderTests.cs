using Observability.Collector.Settings;

namespace Observability.Collector.Tests.Settings;

internal sealed class SettingsReaderTests
{
    private static readonly string[] Enough = ["--node", "n=https://10.0.0.1:10250", "--aggregator=https://aggregator:8443"];

    [Test]
    public void The_command_line_wins_over_the_environment()
    {
        CollectorOptions options = SettingsReader.Read(
            [.. Enough, "--scrape-interval", "30s"], name => name == "COLLECTOR_SCRAPE_INTERVAL" ? "20s" : name == "COLLECTOR_CLUSTER" ? "blue" : null,
            out IReadOnlyList<string> errors);

        Assert.That(errors, Is.Empty);
        Assert.That((options.ScrapeInterval, options.Cluster), Is.EqualTo((TimeSpan.FromSeconds(30), "blue")));
    }

    [Test]
    public void A_list_of_nodes_is_served()
    {
        CollectorOptions options = SettingsReader.Read([.. Enough, "--node=m=https://10.0.0.2:10250"], _ => null, out _);

        Assert.That(options.Nodes.Select(node => node.Name), Is.EqualTo(new[] { "n", "m" }));
    }

    [Test]
    public void Everything_that_is_wrong_is_said_at_once_and_names_its_key()
    {
        SettingsReader.Read(["--node", "n", "--scrape-timeout=1h", "--buffer-bytes=x", "--nonsense=1", "stray"], _ => null, out IReadOnlyList<string> errors);

        foreach (string key in (string[])["--node:", "--scrape-timeout:", "--buffer-bytes:", "--nonsense:", "stray:", "--aggregator:"])
            Assert.That(errors, Has.Some.StartsWith(key));
    }

    [TestCase("--aggregator=http://10.1.1.1:8083", "--aggregator:")]
    [TestCase("--node=x=http://10.1.1.1:10255", "--node:")]
    [TestCase("--families-add=bad name:gauge", "--families-add:")]
    [TestCase("--families-remove=unheard_of", "--families-remove:")]
    [TestCase("--kubelet-token-file=/is/not/there", "--kubelet-token-file:")]
    [TestCase("--summary-interval=20s", "--summary-interval:")]
    [TestCase("--listen=everywhere", "--listen:")]
    public void A_wrong_setting_is_refused(string argument, string key)
    {
        SettingsReader.Read([.. Enough, argument], _ => null, out IReadOnlyList<string> errors);

        Assert.That(errors, Has.Some.StartsWith(key));
    }

    [Test]
    public void Help_explains_every_setting_with_its_variable()
    {
        string help = SettingsHelp.Text();

        foreach (Setting setting in SettingList.All)
            Assert.That(help, Does.Contain("--" + setting.Name).And.Contain(setting.Variable));
    }

    [Test]
    public void Every_setting_can_be_given_wrongly_and_all_faults_are_said_at_once()
    {
        Setting[] free = [.. SettingList.All.Where(setting => setting.Name is "cluster")]; // any text will do
        Setting[] settings = [.. SettingList.All.Except(free)];
        string[] args = [.. settings.Select(setting => $"--{setting.Name}={(setting.Name == "families-remove" ? "unheard_of" : "\u00fc not this")}")];

        SettingsReader.Read(args, _ => null, out IReadOnlyList<string> errors);

        foreach (Setting setting in settings)
            Assert.That(errors, Has.Some.StartsWith($"--{setting.Name}:"));
    }

    [Test]
    public void Every_setting_is_taken_from_its_variable_too()
    {
        foreach (Setting setting in SettingList.All.Where(setting => setting.Name != "cluster" && !setting.IsList))
        {
            SettingsReader.Read(Enough, name => name == setting.Variable ? "\u00fc not this" : null, out IReadOnlyList<string> errors);

            Assert.That(errors, Has.Some.StartsWith(setting.Variable).Or.Some.StartsWith("--" + setting.Name), setting.Name);
        }
    }

    [Test]
    public void The_defaults_of_help_are_those_of_the_options()
    {
        CollectorOptions untouched = SettingsReader.Read(Enough, _ => null, out _);
        string[] args = [.. SettingList.All.Where(setting => setting.Default.Length > 0).Select(setting => $"--{setting.Name}={setting.Default}")];

        CollectorOptions said = SettingsReader.Read([.. Enough, .. args], _ => null, out IReadOnlyList<string> errors);

        Assert.That(errors, Is.Empty);
        foreach (System.Reflection.PropertyInfo property in typeof(CollectorOptions).GetProperties())
            Assert.That(property.GetValue(said), Is.EqualTo(property.GetValue(untouched)), property.Name);
    }
}
