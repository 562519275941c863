using System.Text.Json;
using Serverless.Local.Events.Stores;
using Xunit;

namespace Serverless.Unit.Local.Events.Stores;

public sealed class BlobEventTests
{
    private static readonly FoundObject Blob = new(
        "dir/a b.jpg",
        "0x8D4BCC2E4835CD0",
        12,
        new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        "image/jpeg",
        "BlockBlob"
    );
    private static readonly Uri Url = new("http://127.0.0.1:10000/devstoreaccount1/media/dir/a%20b.jpg");

    [Fact]
    public void Format_Created_HasWhatEventGridSends()
    {
        using JsonDocument json = JsonDocument.Parse(BlobEvent.Format(BlobEvent.Created, Blob, "devstoreaccount1", "media", Url));

        JsonElement root = json.RootElement,
            data = root.GetProperty("data");
        Assert.Equal("Microsoft.Storage.BlobCreated", root.GetProperty("eventType").GetString());
        Assert.Equal("/blobServices/default/containers/media/blobs/dir/a b.jpg", root.GetProperty("subject").GetString());
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), root.GetProperty("eventTime").GetDateTimeOffset());
        Assert.Equal("0x8D4BCC2E4835CD0", data.GetProperty("eTag").GetString());
        Assert.Equal(
            ("PutBlob", "image/jpeg", "BlockBlob"),
            (data.GetProperty("api").GetString(), data.GetProperty("contentType").GetString(), data.GetProperty("blobType").GetString())
        );
        Assert.Equal((12, Url.AbsoluteUri), (data.GetProperty("contentLength").GetInt64(), data.GetProperty("url").GetString()));
        Assert.NotEmpty(data.GetProperty("sequencer").GetString()!);
        Assert.NotEmpty(data.GetProperty("requestId").GetString()!);
    }

    [Fact]
    public void Format_SameVersionAgain_HasTheSameIdAndAnotherVersionAnother()
    {
        string first = IdOf(Blob),
            again = IdOf(Blob),
            other = IdOf(Blob with { ETag = "0x1" });

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    internal static (string? Type, string? Name) TypeAndNameOf(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        return (root.GetProperty("eventType").GetString(), root.GetProperty("subject").GetString()!.Split("/blobs/")[1]);
    }

    private static string IdOf(FoundObject blob)
    {
        using JsonDocument document = JsonDocument.Parse(BlobEvent.Format(BlobEvent.Created, blob, "devstoreaccount1", "media", Url));
        return document.RootElement.GetProperty("id").GetString()!;
    }
}
