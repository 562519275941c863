using Serverless.Vectors.Rows;

namespace Serverless.Vectors;

public sealed partial class VectorIndex
{
    /// <summary>
    /// So many rows in memory with all that belongs to them are moved to a file of their own: of 384 dimensions they fill two large pages
    /// (see <see cref="LargePages"/>).
    /// </summary>
    private const int SpillRows = 9216;

    private readonly SpillFolder _spills;
    private int _spillAt = SpillRows; // guarded by _writer

    /// <summary>What the index itself holds in memory: what is loaded, what was just written, and the directory of assets.</summary>
    public long MemoryBytes
    {
        get
        {
            lock (_writer)
            {
                return BytesOf(_snapshot.Views);
            }
        }
    }

    /// <summary>Why vectors just written stay in memory although they are many; null while they do not.</summary>
    public string? SpillFault { get; private set; }

    /// <summary>False when this version, or a newer one, is known already.</summary>
    public bool Apply(AssetVectors batch) => Apply([batch]) == 1;

    /// <summary>
    /// Applies all in one step that searches see whole; says how many changed something. Nothing is applied when one is malformed.
    /// </summary>
    public int Apply(IReadOnlyCollection<AssetVectors> batches)
    {
        foreach (AssetVectors batch in batches)
        {
            BatchCheck.Run(batch, Dimensions);
        }
        lock (_writer)
        {
            if (_isClosed)
            {
                return 0;
            }
            LearnKinds(batches.SelectMany(batch => batch.Entries).Select(entry => entry.Kind));
            SnapshotDraft draft = new(_snapshot, _directory, Dimensions);
            int changed = batches.Count(draft.Apply);
            if (changed > 0)
            {
                Publish(draft);
            }
            return changed;
        }
    }

    public void Dispose()
    {
        lock (_writer)
        {
            _isClosed = true;
            IRows[] rows = [.. _snapshot.Views.Select(view => view.Rows)];
            Volatile.Write(ref _snapshot, VectorSnapshot.Empty);
            _directory = new AssetDirectory(); // the one before names rows that are no longer there
            Close(rows);
        }
    }

    private void Publish(SnapshotDraft draft)
    {
        SpillOpen(draft);
        FitMemory(draft);
        VectorSnapshot next = draft.Build(out IRows[] left);
        Volatile.Write(ref _snapshot, next);
        Close(left);
    }

    private static void Close(IRows[] left)
    {
        foreach (IRows rows in left)
        {
            rows.Close();
        }
    }

    private void SpillOpen(SnapshotDraft draft)
    {
        RowsView[] open = [.. draft.Views.Where(view => view.Rows is OpenRows)];
        int stored = open.Sum(view => view.Count);
        if (stored < _spillAt && open.Sum(view => ((OpenRows)view.Rows).Bytes) < _options.MaxMemoryBytes / 4)
        {
            return;
        }
        if (open.Sum(view => view.Live) <= stored / 2)
        {
            draft.Rewrite(open);
            return;
        }
        try
        {
            SealedRows rows = _spills.Write([.. open.SelectMany(draft.HeldBy)], Dimensions);
            draft.Attach(rows, rows.Mapped);
            (_spillAt, SpillFault) = (SpillRows, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            (_spillAt, SpillFault) = (stored + SpillRows, e.Message);
        }
    }

    /// <summary>Loads what is mapped as far as the bound reaches, and maps again what no longer fits.</summary>
    private void FitMemory(SnapshotDraft draft)
    {
        long bytes = BytesOf(draft.Views);
        for (int i = 0; i < draft.Views.Count; i++)
        {
            if (draft.Views[i] is not { Held: > 0, Rows: SealedRows rows } view)
            {
                continue;
            }
            if (view.Memory == rows.Mapped && bytes + LargePages.Rounded(rows.Mapped.Layout.Bytes) <= _options.MaxMemoryBytes - Reserve)
            {
                draft.Replace(i, rows.Mapped.Load());
                bytes += draft.Views[i].Memory.Bytes;
            }
            else if (view.Memory != rows.Mapped && bytes > _options.MaxMemoryBytes)
            {
                draft.Replace(i, rows.Mapped);
                bytes -= view.Memory.Bytes;
            }
        }
    }

    /// <summary>Left for what is yet to be written, so that it drives nothing out at once.</summary>
    private long Reserve => _options.MaxMemoryBytes / 4;

    private long BytesOf(IEnumerable<RowsView> views) =>
        (long)_directory.Count * AssetDirectory.BytesEach
        + views.Sum(view => view.Rows is OpenRows open ? open.Bytes : view.Memory.Bytes + ((SealedRows)view.Rows).Bytes);

    private void LearnKinds(IEnumerable<string> kinds)
    {
        string[] unknown = [.. kinds.Where(kind => !_kindFilters.ContainsKey(kind)).Distinct()];
        if (unknown.Length == 0)
        {
            return;
        }
        if (_kindFilters.Count + unknown.Length > MaxKinds)
        {
            throw new ArgumentException($"The kind {unknown[0]} is one more than the {MaxKinds} that an index may hold.");
        }
        Dictionary<string, VectorFilter> known = new(_kindFilters, StringComparer.Ordinal);
        foreach (string kind in unknown)
        {
            known.Add(kind, VectorFilter.OfKind(kind));
        }
        Volatile.Write(ref _kindFilters, known);
    }
}
