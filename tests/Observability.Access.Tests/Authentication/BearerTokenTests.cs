namespace Observability.Access.Tests.Authentication;

public sealed class BearerTokenTests
{
    [TestCase("Bearer abc.def-_~+/=", ExpectedResult = "abc.def-_~+/=")]
    [TestCase("bearer abc", ExpectedResult = "abc")]
    [TestCase("", ExpectedResult = null)]
    [TestCase("Bearer", ExpectedResult = null)]
    [TestCase("Bearer ", ExpectedResult = null)]
    [TestCase("bearer  x", ExpectedResult = null)]
    [TestCase("Bearer x ", ExpectedResult = null)]
    [TestCase(" Bearer x", ExpectedResult = null)]
    [TestCase("Bearer x,y", ExpectedResult = null)]
    [TestCase("Bearer x, Bearer y", ExpectedResult = null)]
    [TestCase("Bearer x,", ExpectedResult = null)]
    [TestCase("Bearer\tx", ExpectedResult = null)]
    [TestCase("Bearer x\n", ExpectedResult = null)]
    [TestCase("Bearer x\0", ExpectedResult = null)]
    [TestCase("Bearer ｘ", ExpectedResult = null)]
    [TestCase("Bearer =", ExpectedResult = null)]
    [TestCase("Basic eDp5", ExpectedResult = null)]
    public string? Only_one_scheme_one_space_and_one_token_are_a_token(string header) =>
        BearerToken.TryRead([header], out string? token) ? token : null;

    [Test]
    public void Two_headers_none_and_a_long_one_are_no_token()
    {
        Assert.That(BearerToken.TryRead(["Bearer a", "Bearer b"], out _), Is.False);
        Assert.That(BearerToken.TryRead(["Bearer a", "Bearer a"], out _), Is.False);
        Assert.That(BearerToken.TryRead([], out _), Is.False);
        Assert.That(BearerToken.TryRead([null], out _), Is.False);
        Assert.That(BearerToken.TryRead(null, out _), Is.False);
        Assert.That(BearerToken.TryRead(["Bearer " + new string('a', 16 * 1024)], out _), Is.True);
        Assert.That(BearerToken.TryRead(["Bearer " + new string('a', (16 * 1024) + 1)], out _), Is.False);
    }
}
