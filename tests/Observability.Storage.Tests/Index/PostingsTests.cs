using CsCheck;
using Observability.Storage.Index;

namespace Observability.Storage.Tests.Index;

internal sealed class PostingsTests
{
    private static readonly Gen<int[]> Lists = Gen.OneOf(Gen.Int[0, 200].Array[0, 60], Gen.Int[0, 100_000].Array[0, 2000])
        .Select(list => list.Distinct().Order().ToArray());

    [Test]
    public void An_intersection_is_what_stands_in_both_lists() =>
        Gen.Select(Lists, Lists).Sample((left, right) =>
        {
            int[] kept = [.. left];
            int count = Postings.Intersect(kept, right);
            return kept[..count].SequenceEqual(left.Intersect(right).Order());
        });

    [Test]
    public void A_list_holds_what_was_appended() =>
        Lists.Sample(list =>
        {
            int[]? items = null;
            foreach (int reference in list)
                Postings.Append(ref items, reference);
            return new Postings(items).AsSpan().SequenceEqual(list) && new Postings(items).Count == list.Length;
        });

    [Test]
    public async Task A_list_that_a_reader_holds_stays_sorted_while_it_grows()
    {
        int[]? items = null;
        bool done = false;
        bool isSorted = true;
        var reader = Task.Run(() =>
        {
            while (!Volatile.Read(ref done))
            {
                ReadOnlySpan<int> seen = new Postings(Volatile.Read(ref items)).AsSpan();
                for (int i = 0; i < seen.Length; i++)
                    isSorted &= seen[i] == i;
            }
        });

        for (int i = 0; i < 20_000; i++)
            Postings.Append(ref items, i);
        Volatile.Write(ref done, true);
        await reader;

        Assert.That(isSorted, Is.True);
    }
}
