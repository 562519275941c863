using Serverless.Local.Events.AccessLogs;
using Xunit;

namespace Serverless.Unit.Local.Events.AccessLogs;

/// <summary>The lines were written by Azurite 3.37.</summary>
public sealed class AzureRequestsTests
{
    [Theory]
    [InlineData("PUT /devstoreaccount1/media/plain.jpg HTTP/1.1\" 201 -", "plain.jpg")]
    [InlineData("PUT /devstoreaccount1/media/a%20b%25c.txt HTTP/1.1\" 201 -", "a b%c.txt")]
    [InlineData("PUT /devstoreaccount1/media/dir/%F0%9F%98%80%20%C3%BC%23%3F.txt HTTP/1.1\" 201 -", "dir/😀 ü#?.txt")]
    [InlineData("PUT /devstoreaccount1/media/back%5Cslash HTTP/1.1\" 201 -", "back/slash")]
    [InlineData("PUT /devstoreaccount1/media/blocks.bin?comp=blocklist HTTP/1.1\" 201 -", "blocks.bin")]
    [InlineData("PUT /devstoreaccount1/media/copy.jpg HTTP/1.1\" 202 -", "copy.jpg")]
    [InlineData("PUT /devstoreaccount1/media/app.log?comp=appendblock HTTP/1.1\" 201 -", "app.log")]
    [InlineData("DELETE /devstoreaccount1/media/blocks.bin HTTP/1.1\" 202 -", "blocks.bin")]
    [InlineData("DELETE /devstoreaccount1/media/blocks.bin?snapshot=2026-01-01 HTTP/1.1\" 202 -", null)]
    [InlineData("DELETE /devstoreaccount1/media/blocks.bin HTTP/1.1\" 404 -", null)]
    [InlineData("PUT /devstoreaccount1/media/blocks.bin?comp=block&blockid=AQIDBA%3D%3D HTTP/1.1\" 201 -", null)]
    [InlineData("PUT /devstoreaccount1/media/plain.jpg?comp=lease HTTP/1.1\" 201 -", null)]
    [InlineData("PUT /devstoreaccount1/media/copy.jpg HTTP/1.1\" 404 -", null)]
    [InlineData("PUT /devstoreaccount1/media?restype=container HTTP/1.1\" 201 -", null)]
    [InlineData("PUT /devstoreaccount1/other/plain.jpg HTTP/1.1\" 201 -", null)]
    [InlineData("GET /devstoreaccount1/media?restype=container&comp=list HTTP/1.1\" 200 -", null)]
    public void ChangedBlob_Line_IsTheNameOfTheBlob(string request, string? blob)
    {
        Assert.True(AccessLogLine.TryParse($"127.0.0.1 - - [21/Nov/2026:01:14:30 +0000] \"{request}", out AccessLogLine line));

        Assert.Equal(blob, AzureRequests.ChangedBlob(line, "devstoreaccount1", "media"));
    }

    [Theory]
    [InlineData("Azurite Blob service is starting at http://127.0.0.1:10000")]
    [InlineData("127.0.0.1 - - [x] \"PUT /a/b HTTP/1.1")]
    [InlineData("\"PUT\" 201")]
    [InlineData("")]
    public void TryParse_OtherLines_AreNotRequests(string line) => Assert.False(AccessLogLine.TryParse(line, out _));
}
