using CsCheck;
using Observability.Collector.Pushing;

namespace Observability.Collector.Tests.Pushing;

internal sealed class RefSetTests
{
    [Test]
    public void It_holds_what_a_hash_set_would() =>
        Gen.UInt[1, 20_000].Array[0, 500].Sample(refs =>
        {
            var set = new RefSet();
            var expected = new HashSet<uint>();
            foreach (uint reference in (uint[])[.. refs, uint.MaxValue, .. refs])
                if (set.Add(reference) != expected.Add(reference))
                    return false;
            return set.Count == expected.Count;
        });
}
