using Serverless.Vectors.Kernels;
using Serverless.Vectors.Rows;

namespace Serverless.Vectors.Searching;

/// <summary>The best rows by their codes: a score off by little, so that more are kept than are wanted.</summary>
internal sealed unsafe class CodeScan(EncodedQuery query, int wanted)
{
    private const int RunRows = 512;
    private readonly BestRows _best = new(wanted);
    private readonly int[] _rows = new int[RunRows];
    private readonly int[] _dots = new int[RunRows];

    public IEnumerable<RowAt> Best => _best.Rows;

    public void Scan(ReadOnlySpan<AskedRows> views)
    {
        for (int view = 0; view < views.Length; view++)
        {
            RowsView scanned = views[view].View;
            for (int from = 0; views[view].Count > 0 && from < scanned.Count; from += RunRows)
            {
                int count = views[view].List(from, Math.Min(scanned.Count, from + RunRows), _rows);
                Score(view, scanned.Memory, count);
            }
        }
    }

    /// <summary>Only these, those of a view together.</summary>
    public void Scan(ReadOnlySpan<AskedRows> views, ReadOnlySpan<long> chosen)
    {
        int count = 0,
            view = 0;
        foreach (long one in chosen)
        {
            RowAt at = SignScan.RowOf(one);
            if (at.View != view || count == RunRows)
            {
                Score(view, views[view].View.Memory, count);
                (view, count) = (at.View, 0);
            }
            _rows[count++] = at.Row;
            Prefetch.Row(views[view].View.Memory.Scales + at.Row, sizeof(float)); // read only after the codes, each from a line of its own
        }
        Score(view, views[view].View.Memory, count);
    }

    private void Score(int view, RowMemory memory, int count)
    {
        RowScans.Dots(memory.Codes, memory.Layout.CodeBytes, _rows.AsSpan(0, count), query.Codes, _dots);
        for (int i = 0; i < count; i++)
        {
            float score = _dots[i] * memory.Scales[_rows[i]];
            if (score > _best.Floor)
            {
                _best.Offer(new RowAt(view, _rows[i]), score);
            }
        }
    }
}
