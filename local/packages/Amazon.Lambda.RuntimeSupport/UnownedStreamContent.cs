using System.Net;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>A stream from where it stands to its end, as the body of a request; who made the stream says when it is closed.</summary>
internal sealed class UnownedStreamContent(Stream stream) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream target, TransportContext context) => stream.CopyToAsync(target);

    protected override bool TryComputeLength(out long length)
    {
        length = stream.CanSeek ? stream.Length - stream.Position : 0;
        return stream.CanSeek;
    }
}
