namespace Observability.Model.Tests;

internal sealed class TenantIdentityTests
{
    [TestCase("0123456789abcdef0123456789abcdef", ExpectedResult = true)]
    [TestCase("_system", ExpectedResult = true)]
    [TestCase("_unassigned", ExpectedResult = true)]
    [TestCase("0123456789ABCDEF0123456789abcdef", ExpectedResult = false)]
    [TestCase("0123456789abcdef0123456789abcde", ExpectedResult = false)]
    [TestCase("0123456789abcdef0123456789abcdef0", ExpectedResult = false)]
    [TestCase("0123456789abcdef/123456789abcdef", ExpectedResult = false)]
    [TestCase("_other", ExpectedResult = false)]
    [TestCase("_SYSTEM", ExpectedResult = false)]
    [TestCase("..", ExpectedResult = false)]
    [TestCase("", ExpectedResult = false)]
    [TestCase(null, ExpectedResult = false)]
    public bool A_uid_is_32_hex_digits_or_an_operators_partition(string? text)
    {
        bool parsed = TenantUid.TryParse(text, out TenantUid uid);

        Assert.That(uid.IsDefault, Is.Not.EqualTo(parsed));
        Assert.That(uid.ToString(), Is.EqualTo(parsed ? text : ""));
        return parsed;
    }

    [Test]
    public void New_uids_differ_and_can_be_parsed_and_are_no_operators_partition()
    {
        TenantUid one = TenantUid.New(), other = TenantUid.New();

        Assert.That(one, Is.Not.EqualTo(other));
        Assert.That(TenantUid.Parse(one.ToString()), Is.EqualTo(one));
        Assert.That((one.IsOperatorPartition, TenantUid.System.IsOperatorPartition, TenantUid.Unassigned.IsOperatorPartition), Is.EqualTo((false, true, true)));
        Assert.That(() => TenantUid.Parse("acme"), Throws.TypeOf<FormatException>());
    }

    [TestCase("acme", ExpectedResult = true)]
    [TestCase("a", ExpectedResult = true)]
    [TestCase("0-a", ExpectedResult = true)]
    [TestCase("-a", ExpectedResult = false)]
    [TestCase("a-", ExpectedResult = false)]
    [TestCase("Acme", ExpectedResult = false)]
    [TestCase("a.b", ExpectedResult = false)]
    [TestCase("a/b", ExpectedResult = false)]
    [TestCase("a|b", ExpectedResult = false)]
    [TestCase("_system", ExpectedResult = false)]
    [TestCase("..", ExpectedResult = false)]
    [TestCase("é", ExpectedResult = false)]
    [TestCase("a\n", ExpectedResult = false)]
    [TestCase("", ExpectedResult = false)]
    [TestCase(null, ExpectedResult = false)]
    public bool A_name_is_a_dns_label(string? text) => TenantName.TryParse(text, out _);

    [Test]
    public void A_name_has_at_most_63_characters()
    {
        Assert.That(TenantName.TryParse(new string('a', 63), out _), Is.True);
        Assert.That(TenantName.TryParse(new string('a', 64), out _), Is.False);
    }
}
