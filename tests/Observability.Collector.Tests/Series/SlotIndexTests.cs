using CsCheck;
using Observability.Collector.Series;

namespace Observability.Collector.Tests.Series;

internal sealed class SlotIndexTests
{
    [Test]
    public void A_slot_is_found_by_its_hash_as_long_as_it_is_in_the_index() =>
        Gen.Select(Gen.Int[0, 5000], Gen.Bool).Array[0, 8000].Sample(steps =>
        {
            // Few hashes, so that chains are long.
            var index = new SlotIndex(slot => Hash(slot));
            var held = new HashSet<int>();
            foreach ((int slot, bool add) in steps)
                if (add && held.Add(slot))
                    index.Add(Hash(slot), slot);
                else if (!add && held.Remove(slot))
                    index.Remove(Hash(slot), slot);
            return index.Count == held.Count && Enumerable.Range(0, 5001).All(slot => Found(index, slot) == held.Contains(slot));
        }, iter: 30);

    private static uint Hash(int slot) => (uint)(slot / 3) << 7;

    private static bool Found(SlotIndex index, int wanted)
    {
        for (int slot = index.First(Hash(wanted)); slot >= 0; slot = index.Next(slot))
            if (slot == wanted)
                return true;
        return false;
    }
}
