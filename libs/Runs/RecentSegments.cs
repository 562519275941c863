namespace Serverless.Runs;

/// <summary>
/// The segments that a recorder wrote lately, which it writes again as one: each is a request of every process that starts later. Belongs
/// to the recorder's one loop.
/// </summary>
/// <param name="maxTailBytes">Of one segment, uncompressed.</param>
internal sealed class RecentSegments(int maxTailBytes)
{
    private const int Together = 16; // about 3,000 runs
    private const int LargeBytes = RunFiles.MaxBytes / 8;

    private readonly int _fullBytes = Math.Min(Together * maxTailBytes, LargeBytes);
    private readonly List<(string Path, byte[] Content)> _segments = [];
    private string[] _replaced = [];
    private int _bytes;

    public int Count => _segments.Count;

    public bool IsFull => _bytes >= _fullBytes && Count > 1;

    public void Add(string path, byte[] content, int bytes)
    {
        _segments.Add((path, content));
        _bytes += bytes;
    }

    /// <summary>Members of gzip one after the other are gzip.</summary>
    public byte[] Merge() => [.. _segments.SelectMany(segment => segment.Content)];

    /// <summary>
    /// Begins anew, once the merged segment is written. The paths are those that the one before replaced: who listed the present ones just
    /// now still reads them.
    /// </summary>
    public IReadOnlyList<string> Replace()
    {
        string[] before = _replaced;
        _replaced = [.. _segments.Select(segment => segment.Path)];
        _segments.Clear();
        _bytes = 0;
        return before;
    }
}
