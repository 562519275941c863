namespace Serverless.Runs;

/// <summary>What a process has recorded since its last segment: the latest line of each run. Belongs to the recorder's one loop.</summary>
internal sealed class RunTail
{
    private readonly Dictionary<string, (DateTimeOffset Updated, byte[] Line)> _lines = new(StringComparer.Ordinal);

    /// <summary>With a line feed each.</summary>
    public int Bytes { get; private set; }

    public int Count => _lines.Count;

    public IEnumerable<byte[]> Lines => _lines.Values.Select(entry => entry.Line);

    public void Add(RunEntry entry)
    {
        if (_lines.TryGetValue(entry.Id, out var before))
        {
            if (before.Updated > entry.Updated)
            {
                return;
            }
            Bytes -= before.Line.Length + 1;
        }
        byte[] line = RunLine.Write(entry);
        _lines[entry.Id] = (entry.Updated, line);
        Bytes += line.Length + 1;
    }

    public byte[] ToBytes()
    {
        byte[] content = new byte[Bytes];
        int at = 0;
        foreach (byte[] line in Lines)
        {
            line.CopyTo(content, at);
            content[at + line.Length] = (byte)'\n';
            at += line.Length + 1;
        }
        return content;
    }

    public void Clear()
    {
        _lines.Clear();
        Bytes = 0;
    }
}
