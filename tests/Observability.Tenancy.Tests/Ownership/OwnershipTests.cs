using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;
using static Observability.Tenancy.Tests.TestDirectory;

namespace Observability.Tenancy.Tests.Ownership;

internal sealed class FixedProvider(string name, Func<NamespaceObject, TenantName?> claim) : ITenantProvider
{
    public event EventHandler? Changed;

    public string Name => name;

    public TenantName? Claim(NamespaceObject value) => claim(value);

    public void Raise() => Changed?.Invoke(this, EventArgs.Empty);
}

public sealed class OwnershipTests
{
    [Test]
    public void A_namespace_belongs_to_the_tenant_in_its_label_from_its_creation_on()
    {
        using var test = new TestDirectory();

        test.Directory.ReplaceNamespaces([Namespace("web", "u1", "acme", createdAt: -60)], 1);

        Assert.That(test.Now.TryGetNamespace("web", out DirectoryNamespace? web), Is.True);
        Assert.That(web, Is.EqualTo(new DirectoryNamespace("web", "u1", test.Tenant("acme"), At(-60), true)));
        Assert.That(test.Now.OwnerAt("u1", At(-60)), Is.EqualTo(test.Tenant("acme")));
        Assert.That(test.Now.OwnerAt("u1", At(-61)), Is.EqualTo(TenantUid.Unassigned));
    }

    [TestCase("web", null, ExpectedResult = "_unassigned")]
    [TestCase("web", "", ExpectedResult = "_unassigned")]
    [TestCase("web", "Not A Name", ExpectedResult = "_unassigned")]
    [TestCase("web", "_system", ExpectedResult = "_unassigned")]
    [TestCase("web", "..", ExpectedResult = "_unassigned")]
    [TestCase("kube-system", null, ExpectedResult = "_system")]
    [TestCase("kube-system", "acme", ExpectedResult = "_system")]
    [TestCase("kube-public", null, ExpectedResult = "_system")]
    [TestCase("kube-node-lease", null, ExpectedResult = "_system")]
    public string A_namespace_without_a_tenant_is_the_operators(string name, string? label)
    {
        using var test = new TestDirectory();

        test.Directory.Upsert(Namespace(name, "u1", label));

        Assert.That(test.Now.Tenants, Is.Empty);
        return test.Now.Namespaces.Single().Tenant.ToString();
    }

    [Test]
    public void A_namespace_that_moves_keeps_its_past_with_the_old_owner()
    {
        using var test = new TestDirectory();
        test.Directory.ReplaceNamespaces([Namespace("web", "u1", "acme", rv: 1)], 1);
        test.Directory.ReplacePods([Pod("p1", "web", rv: 1)], 1);

        test.Time.Advance(TimeSpan.FromSeconds(100));
        test.Directory.Upsert(Namespace("web", "u1", "globex", rv: 2));

        TenantUid acme = test.Tenant("acme");
        TenantUid globex = test.Tenant("globex");
        Assert.That(acme, Is.Not.EqualTo(globex));
        Assert.That(test.Now.OwnerAt("u1", At(100) - 1), Is.EqualTo(acme));
        Assert.That(test.Now.OwnerAt("u1", At(100)), Is.EqualTo(globex));
        Assert.That(test.OwnerOf("p1"), Is.EqualTo(globex));
        Assert.That(test.Now.Namespaces.Single().OwnedFromMs, Is.EqualTo(At(100)));
        Assert.That(test.Now.EpochsOf("u1").Select(epoch => (epoch.Tenant, epoch.FromMs, epoch.ToMs)),
            Is.EqualTo(new[] { (acme, At(0), (long?)At(100)), (globex, At(100), null) }));
    }

    [Test]
    public void Two_providers_that_claim_one_namespace_leave_it_to_nobody()
    {
        var first = new FixedProvider("first", _ => TenantName.Parse("acme"));
        var second = new FixedProvider("second", value => value.Name == "both" ? TenantName.Parse("globex") : null);
        using var test = new TestDirectory(providers: [first, second]);

        test.Directory.ReplaceNamespaces([Namespace("both", "u1", null), Namespace("one", "u2", null)], 1);

        Assert.That(test.Now.Namespaces.Select(value => (value.Name, value.Tenant)),
            Is.EqualTo(new[] { ("both", TenantUid.Unassigned), ("one", test.Tenant("acme")) }));
        Assert.That(test.Tenant("globex"), Is.EqualTo(default(TenantUid)));
    }

    [Test]
    public void A_provider_that_fails_claims_nothing()
    {
        using var test = new TestDirectory(providers: [new FixedProvider("broken", _ => throw new InvalidOperationException())]);

        test.Directory.Upsert(Namespace("web", "u1", "acme"));

        Assert.That(test.Now.Namespaces.Single().Tenant, Is.EqualTo(TenantUid.Unassigned));
    }

    [Test]
    public void A_provider_that_changes_its_mind_moves_the_namespace()
    {
        string owner = "acme";
        var provider = new FixedProvider("file", _ => TenantName.Parse(owner));
        using var test = new TestDirectory(providers: [provider]);
        test.Directory.Upsert(Namespace("web", "u1", null));

        test.Time.Advance(TimeSpan.FromSeconds(10));
        owner = "globex";
        provider.Raise();

        Assert.That(test.Now.OwnerAt("u1", At(9)), Is.EqualTo(test.Tenant("acme")));
        Assert.That(test.Now.OwnerAt("u1", At(10)), Is.EqualTo(test.Tenant("globex")));
    }

    [Test]
    public void A_tenant_has_at_most_so_many_namespaces_and_the_oldest_have_the_room()
    {
        using var test = new TestDirectory(new TenancyOptions { MaxNamespacesPerTenant = 2 });

        test.Directory.ReplaceNamespaces(
            [Namespace("c", "u3", "acme", createdAt: 3), Namespace("b", "u2", "acme", createdAt: 2), Namespace("a", "u1", "acme", createdAt: 1)], 1);
        string[] Owned() => [.. test.Now.Namespaces.Where(value => value.Live && !value.Tenant.IsOperatorPartition).Select(value => value.Name)];

        Assert.That(Owned(), Is.EqualTo(new[] { "a", "b" }));

        test.Directory.RemoveNamespace("u1", 2);
        test.Directory.Upsert(Namespace("c", "u3", "acme", rv: 3, createdAt: 3));

        Assert.That(Owned(), Is.EqualTo(new[] { "b", "c" }));
    }

    [Test]
    public void Tenants_and_namespaces_beyond_the_bounds_are_not_taken()
    {
        using var test = new TestDirectory(new TenancyOptions { MaxTenants = 1, MaxNamespaces = 2 });

        for (int i = 0; i < 5; i++)
            test.Directory.Upsert(Namespace("n" + i, "u" + i, "t" + i, rv: (ulong)i));

        Assert.That(test.Now.Tenants.Select(tenant => tenant.Name.ToString()), Is.EqualTo(new[] { "t0" }));
        Assert.That(test.Now.Namespaces.Select(value => value.Name), Is.EqualTo(new[] { "n0", "n1" }));
    }

    [Test]
    public void A_restart_keeps_tenants_and_epochs()
    {
        string file = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".db");
        try
        {
            TenantUid acme, globex;
            using (var before = new TestDirectory(new TenancyOptions { OwnershipFile = file }))
            {
                before.Directory.ReplaceNamespaces([Namespace("web", "u1", "acme"), Namespace("old", "u2", "acme")], 1);
                before.Time.Advance(TimeSpan.FromSeconds(50));
                before.Directory.Upsert(Namespace("web", "u1", "globex", rv: 2));
                (acme, globex) = (before.Tenant("acme"), before.Tenant("globex"));
            }

            using var after = new TestDirectory(new TenancyOptions { OwnershipFile = file });
            Assert.That(after.Now.NamespacesListed, Is.False);
            after.Time.Advance(TimeSpan.FromSeconds(200));
            after.Directory.ReplaceNamespaces([Namespace("web", "u1", "globex", rv: 2), Namespace("old", "u3", "acme", rv: 9, createdAt: 150)], 10);

            Assert.That(after.Tenant("acme"), Is.EqualTo(acme));
            Assert.That(after.Tenant("globex"), Is.EqualTo(globex));
            Assert.That(after.Now.OwnerAt("u1", At(49)), Is.EqualTo(acme));
            Assert.That(after.Now.OwnerAt("u1", At(50)), Is.EqualTo(globex));
            // Another namespace had this name, and creation times are cut to the second.
            Assert.That(after.Now.TryGetNamespace("old", out DirectoryNamespace? old), Is.True);
            Assert.That(old!.OwnedFromMs, Is.EqualTo(At(151)));
            Assert.That(after.Now.OwnerAt("u2", At(10)), Is.EqualTo(TenantUid.Unassigned));
        }
        finally
        {
            foreach (string left in new[] { file, file + "-wal", file + "-shm" })
                File.Delete(left);
        }
    }

    [Test]
    public void Ownership_that_cannot_be_kept_is_not_taken()
    {
        string file = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".db");
        try
        {
            using var test = new TestDirectory(new TenancyOptions { OwnershipFile = file });
            using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False"))
            {
                other.Open();
                using var drop = other.CreateCommand();
                drop.CommandText = "DROP TABLE epochs";
                drop.ExecuteNonQuery();
            }

            Assert.That(() => test.Directory.Upsert(Namespace("web", "u1", "acme")), Throws.InstanceOf<Microsoft.Data.Sqlite.SqliteException>());

            Assert.That(test.Now.Namespaces, Is.Empty);
            Assert.That(test.Now.Tenants, Is.Empty);
        }
        finally
        {
            foreach (string left in new[] { file, file + "-wal", file + "-shm" })
                File.Delete(left);
        }
    }
}
