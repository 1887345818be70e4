using CsCheck;
using Observability.Storage.Chunks;

namespace Observability.Storage.Tests.Chunks;

internal sealed class ChunkSlabTests
{
    [Test]
    public void A_size_gets_the_smallest_class_that_holds_it()
    {
        for (int size = 1; size <= ChunkSlab.LargestSize; size++)
        {
            int sizeClass = ChunkSlab.ClassOf(size);

            Assert.That(ChunkSlab.SizeOf(sizeClass), Is.GreaterThanOrEqualTo(size));
            if (sizeClass > 0)
                Assert.That(ChunkSlab.SizeOf(sizeClass - 1), Is.LessThan(size));
        }
    }

    [Test]
    public void Buffers_in_use_never_overlap_and_all_memory_comes_back()
    {
        Gen.Select(Gen.Int[1, ChunkSlab.LargestSize], Gen.Int[0, int.MaxValue], Gen.Bool).Array[1, 400].Sample(steps =>
        {
            var slab = new ChunkSlab();
            var rented = new List<(uint Buffer, byte Mark)>();
            byte next = 0;
            foreach ((int size, int which, bool returns) in steps)
            {
                if (returns && rented.Count > 0)
                {
                    (uint buffer, byte mark) = rented[which % rented.Count];
                    if (slab[buffer].ContainsAnyExcept(mark))
                        return false;
                    slab.Return(buffer);
                    rented.RemoveAt(which % rented.Count);
                }
                else
                {
                    uint buffer = slab.Rent(size);
                    if (buffer == ChunkSlab.None || slab.Capacity(buffer) < size)
                        return false;
                    slab[buffer].Fill(++next);
                    rented.Add((buffer, next));
                }
            }
            bool intact = rented.TrueForAll(entry => !slab[entry.Buffer].ContainsAnyExcept(entry.Mark));
            rented.ForEach(entry => slab.Return(entry.Buffer));
            return intact && slab.AllocatedBytes == 0;
        });
    }

    [Test]
    public void A_slab_with_one_buffer_of_each_size_is_small()
    {
        var slab = new ChunkSlab();

        for (int size = 32; size <= ChunkSlab.LargestSize; size += 16)
            slab.Rent(size);

        Assert.That(slab.AllocatedBytes, Is.LessThan(512 * 1024));
    }
}
