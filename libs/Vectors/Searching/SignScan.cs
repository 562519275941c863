using Serverless.Vectors.Kernels;

namespace Serverless.Vectors.Searching;

/// <summary>
/// Chooses by sign bits alone: the wanted number of rows with the fewest signs unlike the query's, and all that are as near as the last
/// of them. The share of unlike signs estimates the angle: M. Charikar, Similarity Estimation Techniques from Rounding Algorithms, 2002.
/// </summary>
internal sealed unsafe class SignScan(EncodedQuery query, int dimensions, int wanted)
{
    private const int RunRows = 512;
    private readonly int[] _atDistance = new int[dimensions + 1];
    private long[] _found = new long[4 * Math.Max(wanted, RunRows)];
    private int _count; // of found, some of which have since become too far
    private int _near; // of those not farther than the limit
    private int _limit = dimensions;

    public void Scan(int view, AskedRows asked)
    {
        int* rows = stackalloc int[RunRows];
        int* distances = stackalloc int[RunRows];
        fixed (ulong* bits = asked.Bits)
        {
            int words = asked.View.Memory.Layout.SignWords;
            for (int from = 0; from < asked.View.Count; from += RunRows)
            {
                int blocks = (Math.Min(RunRows, asked.View.Count - from) + ISignKernel.Rows - 1) / ISignKernel.Rows;
                SignRun run = new(asked.View.Memory.Signs, words, (byte*)bits, from / ISignKernel.Rows, blocks);
                int found = RowScans.Near(run, query.Signs, _limit, rows, distances);
                if (found > 0)
                {
                    Keep(view, asked.View.Count, new ReadOnlySpan<int>(rows, found), distances);
                }
            }
        }
    }

    /// <summary>By view, and by row there.</summary>
    public ReadOnlySpan<long> Chosen()
    {
        DropFar();
        return _found.AsSpan(0, _count);
    }

    public static RowAt RowOf(long found) => new((int)(found >> 32) & 0xFFFF, (int)found);

    private void Keep(int view, int end, ReadOnlySpan<int> rows, int* distances)
    {
        if (_count + rows.Length > _found.Length)
        {
            DropFar();
            if (_count + rows.Length > _found.Length)
            {
                Array.Resize(ref _found, _found.Length * 2);
            }
        }
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] >= end)
            {
                break; // what pads the last block
            }
            _found[_count++] = (long)distances[i] << 48 | (long)view << 32 | (uint)rows[i];
            _atDistance[distances[i]]++;
            _near++;
        }
        while (_near - _atDistance[_limit] >= wanted)
        {
            _near -= _atDistance[_limit--];
        }
    }

    private void DropFar()
    {
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_found[i] >> 48 <= _limit)
            {
                _found[kept++] = _found[i];
            }
        }
        _count = kept;
    }
}
