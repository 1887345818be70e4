namespace Observability.Model.Tests;

internal sealed class TenantScopeTests
{
    private static readonly TenantUid A = TenantUid.Parse(new string('a', 32));
    private static readonly TenantUid B = TenantUid.Parse(new string('b', 32));

    [Test]
    public void A_partition_stands_once_in_a_scope() =>
        Assert.That(() => new TenantScope([TenantGrant.Whole(A, Rights.Metrics), TenantGrant.Whole(A, Rights.Billing)]), Throws.ArgumentException);

    [Test]
    public void A_grant_names_a_partition() =>
        Assert.That(() => new TenantScope([TenantGrant.Whole(default, Rights.Metrics)]), Throws.ArgumentException);

    [Test]
    public void Only_an_operators_scope_holds_the_operators_partitions()
    {
        TenantGrant system = TenantGrant.Whole(TenantUid.System, Rights.Metrics);

        Assert.That(() => new TenantScope([system]), Throws.ArgumentException);
        Assert.That(new TenantScope([system], isOperator: true).Grants, Has.Length.EqualTo(1));
    }

    [Test]
    public void Grants_are_sorted_by_partition()
    {
        var scope = new TenantScope([TenantGrant.Whole(B, Rights.Metrics), TenantGrant.Whole(A, Rights.Metrics)]);

        Assert.That(scope.Grants.Select(grant => grant.Tenant), Is.EqualTo(new[] { A, B }));
    }

    [Test]
    public void A_scope_can_only_be_narrowed()
    {
        var scope = new TenantScope([TenantGrant.Whole(A, Rights.Metrics), TenantGrant.Whole(B, Rights.Metrics | Rights.Billing)]);

        Assert.That(scope.Only(A).Grants.Select(grant => grant.Tenant), Is.EqualTo(new[] { A }));
        Assert.That(scope.Only(TenantUid.New()).IsEmpty, Is.True);
        Assert.That(scope.Only(Rights.Billing).Grants.Select(grant => grant.Tenant), Is.EqualTo(new[] { B }));
        Assert.That(scope.Only(Rights.Metrics | Rights.Billing).Grants.Select(grant => grant.Tenant), Is.EqualTo(new[] { B }));
        Assert.That(TenantScope.Empty.IsEmpty, Is.True);
    }

    [Test]
    public void Only_the_absence_of_namespaces_means_the_whole_tenant()
    {
        Assert.That(TenantGrant.Whole(A, Rights.Metrics).IsWholeTenant, Is.True);
        Assert.That(new TenantGrant(A, [], Rights.Metrics).IsWholeTenant, Is.False);
    }

    [Test]
    public void A_scope_cannot_be_made_outside() =>
        Assert.That(typeof(TenantScope).GetConstructors(), Is.Empty);

    [Test]
    public void The_stale_marker_differs_from_every_other_nan()
    {
        Assert.That(StaleMarker.Is(StaleMarker.Value), Is.True);
        Assert.That(StaleMarker.Is(double.NaN), Is.False);
        Assert.That(BitConverter.DoubleToInt64Bits(StaleMarker.Value), Is.EqualTo(0x7FF0000000000002));
    }

    [Test]
    public void A_range_holds_both_of_its_ends()
    {
        var range = new TimeRange(1, 3);

        Assert.That((range.Contains(0), range.Contains(1), range.Contains(3), range.Contains(4)), Is.EqualTo((false, true, true, false)));
        Assert.That(range.Intersect(new TimeRange(2, 9)), Is.EqualTo(new TimeRange(2, 3)));
        Assert.That(range.Intersect(new TimeRange(4, 9)).IsEmpty, Is.True);
        Assert.That(new TimeRange(1, 1).IsEmpty, Is.False);
    }
}
