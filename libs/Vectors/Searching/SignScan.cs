using System.Buffers;
using System.Runtime.CompilerServices;
using Serverless.Vectors.Kernels;
using Serverless.Vectors.Rows;

namespace Serverless.Vectors.Searching;

/// <summary>
/// Chooses by sign bits alone: the wanted number of rows with the fewest signs unlike the query's, and all that are as near as the last
/// of them. The share of unlike signs estimates the angle: M. Charikar, Similarity Estimation Techniques from Rounding Algorithms, 2002.
/// </summary>
internal sealed unsafe class SignScan(EncodedQuery query, int dimensions, int wanted) : IDisposable
{
    private const int RunBlocks = 64;
    private const int SampledBlocks = 2; // side by side, since the processor fetches lines by twos
    private const int SampledOf = 128;
    private readonly int[] _atDistance = new int[dimensions + 1];
    private long[] _found = ArrayPool<long>.Shared.Rent(2 * Math.Max(wanted, RunBlocks * ISignKernel.Rows));
    private int _count; // of found, some of which have since become too far
    private int _near; // of those not farther than the limit
    private int _limit = dimensions;

    private int Farthest => _atDistance.Length - 1;

    /// <summary>By view, and by row there; valid until disposal.</summary>
    public ReadOnlySpan<long> Choose(ReadOnlySpan<AskedRows> asked)
    {
        _limit = GuessLimit(asked);
        ScanAll(asked);
        if (_near < wanted && _limit < Farthest)
        {
            Forget(); // the guess was too low: rows that are like the query lie where none was looked at
            ScanAll(asked);
        }
        DropFar();
        return _found.AsSpan(0, _count);
    }

    public void Dispose() => ArrayPool<long>.Shared.Return(_found);

    public static RowAt RowOf(long found) => new((int)(found >> 32) & 0xFFFF, (int)found);

    /// <summary>
    /// What few rows, evenly spread, say of how near the last chosen one will be, four standard deviations of their number on the safe
    /// side. Without it the first rows are all kept, being the nearest so far: among 10^6, six times as many as are wanted.
    /// </summary>
    private int GuessLimit(ReadOnlySpan<AskedRows> asked)
    {
        long rows = 0;
        foreach (AskedRows one in asked)
        {
            rows += one.Count;
        }
        int step = SampledBlocks * (int)Math.Max(SampledOf, 2 * rows / wanted); // fewer than are wanted, or the limit moves meanwhile
        for (int view = 0; view < asked.Length; view++)
        {
            for (int block = 0; block < BlocksOf(asked[view]); block += step)
            {
                Scan(view, asked[view], block, Math.Min(SampledBlocks, BlocksOf(asked[view]) - block));
            }
        }
        double expected = wanted * (double)_near / Math.Max(1, rows);
        double safe = expected + 4 * Math.Sqrt(expected) + 4;
        int limit = 0;
        for (int nearer = _atDistance[0]; limit < Farthest && nearer < safe; nearer += _atDistance[limit])
        {
            limit++;
        }
        Forget();
        return limit;
    }

    private void Forget()
    {
        Array.Clear(_atDistance);
        (_count, _near, _limit) = (0, 0, Farthest);
    }

    private void ScanAll(ReadOnlySpan<AskedRows> asked)
    {
        for (int view = 0; view < asked.Length; view++)
        {
            for (int block = 0; asked[view].Count > 0 && block < BlocksOf(asked[view]); block += RunBlocks)
            {
                Scan(view, asked[view], block, Math.Min(RunBlocks, BlocksOf(asked[view]) - block));
            }
        }
    }

    [SkipLocalsInit]
    private void Scan(int view, AskedRows asked, int firstBlock, int blocks)
    {
        int* rows = stackalloc int[RunBlocks * ISignKernel.Rows];
        int* distances = stackalloc int[RunBlocks * ISignKernel.Rows];
        RowMemory memory = asked.View.Memory;
        fixed (ulong* bits = asked.Bits)
        {
            SignRun run = new(memory.Signs, memory.Layout.SignWords, (byte*)bits, firstBlock, blocks);
            int found = RowScans.Near(run, query.Signs, _limit, rows, distances);
            if (found > 0)
            {
                Keep(view, asked.View.Count, new ReadOnlySpan<int>(rows, found), distances);
            }
        }
    }

    private static int BlocksOf(AskedRows asked) => (asked.View.Count + ISignKernel.Rows - 1) / ISignKernel.Rows;

    private void Keep(int view, int end, ReadOnlySpan<int> rows, int* distances)
    {
        if (_count + rows.Length > _found.Length)
        {
            DropFar();
            if (_count + rows.Length > _found.Length)
            {
                Grow();
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

    private void Grow()
    {
        long[] larger = ArrayPool<long>.Shared.Rent(_found.Length * 2);
        _found.AsSpan(0, _count).CopyTo(larger);
        Dispose();
        _found = larger;
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
