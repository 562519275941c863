using System.Text;
using Serverless.Vectors.Rows;

namespace Serverless.Vectors;

public sealed partial class VectorIndex
{
    /// <summary>Files of whose vectors a search read one with another checksum. Its rows are found by their codes meanwhile.</summary>
    public IReadOnlyList<string> DamagedFiles
    {
        get
        {
            lock (_writer)
            {
                return [.. Files.Where(file => file.Rows.IsDamaged).Select(file => file.Rows.Path)];
            }
        }
    }

    private IEnumerable<(SealedRows Rows, RowsView View)> Files =>
        _snapshot.Views.Where(view => view.Rows is SealedRows).Select(view => ((SealedRows)view.Rows, view));

    /// <summary>
    /// Takes over what a file of <see cref="SealedFile"/> holds and is as new as what is known or newer; it needs little memory from then
    /// on. The file may be removed while it is in use, and must not be changed.
    /// </summary>
    /// <returns>What is wrong with the file, of which then nothing is used; null when nothing is.</returns>
    public string? Attach(string path, string space, string source)
    {
        SealedRows rows;
        try
        {
            rows = SealedRows.Open(path, space, source, Dimensions);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
        lock (_writer)
        {
            if (_isClosed)
            {
                rows.Close();
                return "the index is closed";
            }
            LearnKinds(rows.Kinds);
            SnapshotDraft draft = new(_snapshot, _directory, Dimensions);
            draft.Attach(rows, rows.Mapped);
            Publish(draft);
        }
        return null;
    }

    /// <summary>False only where the file is attached and nothing of the asset is in it, in whatever version.</summary>
    public bool MayHold(string path, string asset)
    {
        byte[] name = Encoding.UTF8.GetBytes(asset);
        lock (_writer)
        {
            return Files.FirstOrDefault(file => file.Rows.Path == path).Rows is not { } rows
                || Enumerable.Range(0, rows.Assets).Any(i => rows.AssetId(i).SequenceEqual(name));
        }
    }

    /// <summary>The versions that an attached file holds, without their vectors; none where it is not attached.</summary>
    public IReadOnlyList<VectorVersion> VersionsIn(string path)
    {
        lock (_writer)
        {
            return Files.FirstOrDefault(file => file.Rows.Path == path).Rows is { } rows
                ? [.. Enumerable.Range(0, rows.Assets).Select(rows.Owner).Select(VectorVersion.Of)]
                : [];
        }
    }

    /// <summary>Whether the file is attached and has vectors of an asset that is gone.</summary>
    public bool HoldsGone(string path)
    {
        lock (_writer)
        {
            return Files.FirstOrDefault(file => file.Rows.Path == path) is { Rows: { } rows, View: { } view }
                && view.Live < rows.Rows
                && Enumerable.Range(0, rows.Assets).Any(i => rows.RowsOf(i).Count > 0 && IsTombstone(rows.AssetId(i)));
        }
    }

    private bool IsTombstone(ReadOnlySpan<byte> asset) =>
        _directory.TryFind(asset, out int ordinal) && _directory[ordinal] is var place && place.Rows.RowsOf(place.Asset).Count == 0;

    /// <summary>Whether the file is attached and fewer than half of its vectors still count.</summary>
    public bool IsMostlyDead(string path)
    {
        lock (_writer)
        {
            return Files.FirstOrDefault(file => file.Rows.Path == path) is { Rows: { } rows, View: { } view } && view.Live < rows.Rows / 2;
        }
    }

    /// <summary>
    /// One bounded step: moves what still lives of a file that is more than half dead, at most 9,216 vectors. False when there was none.
    /// Files that were attached are left to whoever made them, unless nothing but the memory of removed assets is left in them.
    /// </summary>
    public bool Compact()
    {
        lock (_writer)
        {
            RowsView? crowded = _snapshot.Views.FirstOrDefault(view =>
                view.Rows is SealedRows rows && (view.Live == 0 || (rows.IsSpill && (rows.IsDamaged || view.Live < rows.Rows / 2)))
            );
            if (crowded is null)
            {
                return false;
            }
            SnapshotDraft draft = new(_snapshot, _directory, Dimensions);
            draft.Vacate(crowded);
            Publish(draft);
            return true;
        }
    }
}
