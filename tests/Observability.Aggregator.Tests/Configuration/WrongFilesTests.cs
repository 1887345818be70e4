namespace Observability.Aggregator.Tests.Configuration;

/// <summary>Files that settings name are there, and are wrong.</summary>
public class WrongFilesTests
{
    private string _file = null!;

    [SetUp]
    public void A_file_that_is_neither_tenants_nor_a_database()
    {
        _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllText(_file, new string('x', 8192));
    }

    [TearDown]
    public void Remove() => File.Delete(_file);

    [Test]
    public async Task A_wrong_tenant_file_names_its_key()
    {
        SettingsException? fault = await Assert.ThrowsAsync<SettingsException>(() => TestAggregator.StartAsync(tenancy: new TenancyOptions { StaticFile = _file }));

        Assert.That(fault!.Faults.Single(), Does.StartWith("Tenancy:StaticFile: "));
    }

    [Test]
    public async Task An_ownership_file_that_is_no_database_names_its_key()
    {
        SettingsException? fault = await Assert.ThrowsAsync<SettingsException>(() => TestAggregator.StartAsync(tenancy: new TenancyOptions { DatabaseFile = _file }));

        Assert.That(fault!.Faults.Single(), Does.StartWith("Tenancy:DatabaseFile: "));
    }
}
