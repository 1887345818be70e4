using Observability.Collector.Memory;

namespace Observability.Collector.Tests.Memory;

internal sealed class ResidentMemoryTests
{
    [Test]
    public void Code_of_a_file_is_told_from_everything_else()
    {
        bool isCode = ResidentMemory.TryReadCode("55d0c0a00000-55d0c0e00000 r-xp 00010000 fe:00 1234    /usr/bin/collector", out nuint start, out nuint length);

        Assert.That((isCode, start, length), Is.EqualTo((true, unchecked((nuint)0x55d0c0a00000), (nuint)0x400000)));
    }

    // Read-only data may have been relocated, and what has no file has nothing to come back from.
    [TestCase("55d0c0e00000-55d0c0e10000 r--p 00010000 fe:00 1234    /usr/bin/collector")]
    [TestCase("55d0c0e00000-55d0c0e10000 rw-p 00010000 fe:00 1234    /usr/bin/collector")]
    [TestCase("55d0c0e00000-55d0c0e10000 rwxp 00010000 fe:00 1234    /usr/bin/collector")]
    [TestCase("7fff12340000-7fff12342000 r-xp 00000000 00:00 0       [vdso]")]
    [TestCase("7fff12340000-7fff12342000 r-xp 00000000 00:00 0 ")]
    [TestCase("7fff12342000-7fff12340000 r-xp 00000000 fe:00 1234    /usr/bin/collector")]
    [TestCase("")]
    public void Nothing_else_is_let_go(string line) => Assert.That(ResidentMemory.TryReadCode(line, out _, out _), Is.False);

    [Test]
    public void A_process_goes_on_when_its_code_was_let_go()
    {
        ResidentMemory.GiveBack();

        Assert.That(Enumerable.Range(1, 100).Sum(), Is.EqualTo(5050));
    }
}
