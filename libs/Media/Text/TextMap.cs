using System.Runtime.InteropServices;

namespace Serverless.Media.Text;

/// <summary>Offsets of a derived text → offsets of its original, as runs. In a run of equal lengths on both sides offsets move in
/// step; any other run (an entity, an escape, collapsed white space) maps as a whole.</summary>
internal sealed class TextMap(TextMap.Run[] runs, int length, int originalLength)
{
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Run(int Start, int Length, int OriginalStart, int OriginalLength)
    {
        public bool InStep => Length == OriginalLength;
    }

    public int ToOriginal(int offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, length);
        if (offset == length)
        {
            return runs.Length == 0 ? originalLength : End(runs[^1]);
        }

        Run run = runs[Find(offset)];
        return run.InStep ? run.OriginalStart + offset - run.Start : run.OriginalStart;
    }

    public TextRange ToOriginal(TextRange range)
    {
        int start = ToOriginal(range.Start);
        if (range.Length == 0)
        {
            return new TextRange(start, 0);
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(range.End, length);
        Run last = runs[Find(range.End - 1)];
        int end = last.InStep ? last.OriginalStart + range.End - last.Start : End(last);
        return new TextRange(start, end - start);
    }

    private static int End(Run run) => run.OriginalStart + run.OriginalLength;

    private int Find(int offset)
    {
        int low = 0,
            high = runs.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (runs[middle].Start <= offset)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
