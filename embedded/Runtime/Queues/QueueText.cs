namespace Serverless.Embedded.Runtime.Queues;

/// <summary>A message's bytes in and out of its text.</summary>
internal static class QueueText
{
    /// <summary>Null where the text is not of the encoding.</summary>
    public static BinaryData? Decode(string text, QueueTextEncoding encoding)
    {
        if (encoding == QueueTextEncoding.None)
            return BinaryData.FromString(text);
        var bytes = new byte[(text.Length * 3 / 4) + 3];
        return Convert.TryFromBase64String(text, bytes, out var length) ? BinaryData.FromBytes(bytes.AsMemory(0, length)) : null;
    }

    public static string Encode(BinaryData body, QueueTextEncoding encoding) =>
        encoding == QueueTextEncoding.None ? body.ToString() : Convert.ToBase64String(body.ToMemory().Span);
}
