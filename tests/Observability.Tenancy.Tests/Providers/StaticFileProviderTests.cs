using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Observability.Model;
using static Observability.Tenancy.Tests.TestDirectory;

namespace Observability.Tenancy.Tests.Providers;

public sealed class StaticFileProviderTests : IDisposable
{
    private const string Good = """{"tenants": [{"name": "acme", "namespaces": ["web", {"name": "batch", "uid": "u7"}]}]}""";
    private readonly string _file = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".json");
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => File.Delete(_file);

    [TestCase("web", "u1", ExpectedResult = "acme")]
    [TestCase("batch", "u7", ExpectedResult = "acme")]
    [TestCase("batch", "u8", ExpectedResult = null)]
    [TestCase("other", "u7", ExpectedResult = null)]
    public string? A_namespace_is_claimed_by_name_or_by_name_and_uid(string name, string uid)
    {
        File.WriteAllText(_file, Good);
        using StaticFileProvider provider = Open();

        return provider.Claim(Namespace(name, uid, null))?.ToString();
    }

    [Test]
    public void A_changed_file_is_read_again_and_a_wrong_one_changes_nothing()
    {
        File.WriteAllText(_file, Good);
        using StaticFileProvider provider = Open();
        int changes = 0;
        provider.Changed += (_, _) => changes++;
        TenantName? Owner() => provider.Claim(Namespace("web", "u1", null));

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(changes, Is.Zero);

        File.WriteAllText(_file, Good[..40]);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.That((changes, Owner()?.ToString()), Is.EqualTo((0, "acme")));

        File.Delete(_file);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.That((changes, Owner()?.ToString()), Is.EqualTo((0, "acme")));

        File.WriteAllText(_file, Good.Replace("acme", "globex", StringComparison.Ordinal));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.That((changes, Owner()?.ToString()), Is.EqualTo((1, "globex")));
    }

    [Test]
    public void Every_fault_of_a_wrong_file_is_told_at_once()
    {
        File.WriteAllText(_file, """
            {"tenants": [
              {"name": "Not A Name", "namespaces": ["a", 7]},
              {"name": "acme", "namespaces": ["a"], "colour": "blue"},
              {"name": "acme"},
              {"name": "globex", "namespaces": ["b", {"name": "c"}, "b"]}]}
            """);

        TenantFileException? exception = Assert.Throws<TenantFileException>(() => Open().Dispose());

        Assert.That(exception!.Faults, Has.Count.EqualTo(6));
    }

    private StaticFileProvider Open() => new(_file, TimeSpan.FromSeconds(5), _time, NullLogger<StaticFileProvider>.Instance);
}
