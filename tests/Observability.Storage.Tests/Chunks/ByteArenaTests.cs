using CsCheck;
using Observability.Storage.Chunks;

namespace Observability.Storage.Tests.Chunks;

internal sealed class ByteArenaTests
{
    [Test]
    public void Pieces_in_use_never_overlap_and_all_memory_comes_back()
    {
        Gen.Select(Gen.OneOf(Gen.Int[1, 300], Gen.Int[1, ByteArena.LargestSize]), Gen.Int[0, int.MaxValue], Gen.Bool).Array[1, 400].Sample(steps =>
        {
            var arena = new ByteArena();
            var used = new List<(uint Piece, int Size, byte Mark)>();
            byte next = 0;
            foreach ((int size, int which, bool frees) in steps)
            {
                if (frees && used.Count > 0)
                {
                    (uint piece, int length, byte mark) = used[which % used.Count];
                    if (arena.From(piece)[..length].ContainsAnyExcept(mark))
                        return false;
                    arena.Free(piece, length);
                    used.RemoveAt(which % used.Count);
                }
                else
                {
                    uint piece = arena.Allocate(size);
                    arena.From(piece)[..size].Fill(++next);
                    used.Add((piece, size, next));
                }
            }
            bool isIntact = used.TrueForAll(entry => !arena.From(entry.Piece)[..entry.Size].ContainsAnyExcept(entry.Mark));
            used.ForEach(entry => arena.Free(entry.Piece, entry.Size));
            return isIntact && arena.AllocatedBytes == 0;
        });
    }
}
