using Microsoft.Extensions.Configuration;
using Observability.Aggregator.Configuration;

namespace Observability.Aggregator.Tests.Configuration;

public class SettingsTests
{
    [Test]
    public void All_faults_are_told_at_once_each_naming_its_key()
    {
        SettingsException? wrong = Assert.Throws<SettingsException>(() => SettingsReader.Read(
            ["--Listen:Query", "0.0.0.0:8080", "--Store:Range", "tomorrow", "--No:Such", "1", "--Access:QueryAudience=observability-ingest"]));

        Assert.That(wrong!.Faults.Select(fault => fault.Split(": ")[0]),
            Is.EquivalentTo(new[] { "Listen:Query", "Store:Range", "No:Such", "Access:IngestAudience" }));
    }

    [Test]
    public void Every_default_reads_back_as_itself()
    {
        var defaults = new AggregatorOptions();

        foreach (Setting setting in SettingsTable.All)
        {
            var options = new AggregatorOptions();
            Assert.That(setting.Apply(options, setting.Show(defaults)), Is.Null, setting.Key);
            Assert.That(setting.Show(options), Is.EqualTo(setting.Show(defaults)), setting.Key);
            Assert.That(HelpText.Write(), Does.Contain(setting.Key));
        }
    }

    [Test]
    public void A_certificate_that_is_not_there_stops_the_start()
    {
        SettingsException? wrong = Assert.Throws<SettingsException>(() => SettingsReader.Read(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Tls:CertificateFile"] = "/no/such.crt", ["Tls:KeyFile"] = "/no/such.key",
            }).Build()));

        Assert.That(wrong!.Faults.Single(), Does.StartWith("Tls:CertificateFile: there is no file"));
    }
}
