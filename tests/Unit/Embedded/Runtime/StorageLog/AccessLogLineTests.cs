using Serverless.Embedded.Runtime.StorageLog;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.StorageLog;

/// <summary>The lines were written by Azurite 3.37.</summary>
public sealed class AccessLogLineTests
{
    [Theory]
    [InlineData("PUT /devstoreaccount1/media/plain.jpg HTTP/1.1\" 201 -", "plain.jpg")]
    [InlineData("PUT /devstoreaccount1/media/a%20b%25c.txt HTTP/1.1\" 201 -", "a b%c.txt")]
    [InlineData("PUT /devstoreaccount1/media/dir/%F0%9F%98%80%20%C3%BC%23%3F.txt HTTP/1.1\" 201 -", "dir/😀 ü#?.txt")]
    [InlineData("PUT /devstoreaccount1/media/back%5Cslash HTTP/1.1\" 201 -", "back/slash")]
    [InlineData("PUT /devstoreaccount1/media/blocks.bin?comp=blocklist HTTP/1.1\" 201 -", "blocks.bin")]
    [InlineData("PUT /devstoreaccount1/media/copy.jpg HTTP/1.1\" 202 -", "copy.jpg")]
    [InlineData("PUT /devstoreaccount1/media/app.log?comp=appendblock HTTP/1.1\" 201 -", "app.log")]
    [InlineData("PUT /devstoreaccount1/media/blocks.bin?comp=block&blockid=AQIDBA%3D%3D HTTP/1.1\" 201 -", null)]
    [InlineData("PUT /devstoreaccount1/media/plain.jpg?comp=lease HTTP/1.1\" 201 -", null)]
    [InlineData("PUT /devstoreaccount1/media/copy.jpg HTTP/1.1\" 404 -", null)]
    [InlineData("PUT /devstoreaccount1/media?restype=container HTTP/1.1\" 201 -", null)]
    [InlineData("PUT /devstoreaccount1/other/plain.jpg HTTP/1.1\" 201 -", null)]
    [InlineData("DELETE /devstoreaccount1/media/blocks.bin HTTP/1.1\" 202 -", null)]
    [InlineData("GET /devstoreaccount1/media?restype=container&comp=list HTTP/1.1\" 200 -", null)]
    public void WrittenBlob_IsRead(string request, string? blob)
    {
        Assert.True(AccessLogLine.TryParse($"127.0.0.1 - - [21/Nov/2026:01:14:30 +0000] \"{request}", out var line));

        Assert.Equal(blob, AzureRequests.WrittenBlob(line, "devstoreaccount1", "media"));
    }

    [Theory]
    [InlineData("POST /devstoreaccount1/jobs/messages HTTP/1.1\" 201 -", true)]
    [InlineData("POST /devstoreaccount1/other/messages HTTP/1.1\" 201 -", false)]
    [InlineData("GET /devstoreaccount1/jobs/messages?numofmessages=1 HTTP/1.1\" 200 -", false)]
    public void SentMessage_IsRead(string request, bool sent)
    {
        Assert.True(AccessLogLine.TryParse($"127.0.0.1 - - [21/Nov/2026:01:14:30 +0000] \"{request}", out var line));

        Assert.Equal(sent, AzureRequests.SentMessage(line, "devstoreaccount1", "jobs"));
    }

    [Theory]
    [InlineData("Azurite Blob service is starting at http://127.0.0.1:10000")]
    [InlineData("127.0.0.1 - - [x] \"PUT /a/b HTTP/1.1")]
    [InlineData("\"PUT\" 201")]
    [InlineData("")]
    public void OtherLines_AreNotRequests(string line) => Assert.False(AccessLogLine.TryParse(line, out _));
}
