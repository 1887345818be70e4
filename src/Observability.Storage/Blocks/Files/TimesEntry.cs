using System.Runtime.InteropServices;

namespace Observability.Storage.Blocks.Files;

/// <summary>A column of times that series share. A row of the index.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct TimesEntry(long FirstMs, long LastMs, int Rows, int Unit, int Column);
