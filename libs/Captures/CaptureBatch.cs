namespace Serverless.Captures;

/// <summary>
/// What is written together: a draft for each model, version and hour, and who waits for it. Belongs to the writer's one loop.
/// </summary>
internal sealed class CaptureBatch(int maxLineBytes)
{
    private const int MaxDrafts = 64; // each holds a compressor, about 0.3 MB

    private readonly Dictionary<(string Model, int Version, DateTimeOffset Hour), CaptureDraft> _drafts = [];
    private readonly List<TaskCompletionSource> _waiting = [];

    public long Bytes { get; private set; }

    public bool IsFull => _drafts.Count >= MaxDrafts;

    public IEnumerable<((string Model, int Version, DateTimeOffset Hour) Key, CaptureDraft Draft)> Drafts =>
        _drafts.Select(draft => (draft.Key, draft.Value));

    /// <returns>False when the record cannot be written as a line.</returns>
    public bool TryAdd(CaptureRecord record)
    {
        var key = (record.Model, record.Version, CapturePath.HourOf(record.Time));
        if (!_drafts.TryGetValue(key, out CaptureDraft? draft))
        {
            _drafts.Add(key, draft = new CaptureDraft());
        }
        int bytes = draft.Add(record, maxLineBytes);
        Bytes += bytes;
        return bytes > 0;
    }

    public void Await(TaskCompletionSource waiting) => _waiting.Add(waiting);

    public void Release() => _waiting.ForEach(waiting => waiting.TrySetResult());
}
