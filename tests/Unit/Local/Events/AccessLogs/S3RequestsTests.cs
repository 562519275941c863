using Serverless.Local.Events.AccessLogs;
using Xunit;

namespace Serverless.Unit.Local.Events.AccessLogs;

public sealed class S3RequestsTests
{
    [Theory]
    [InlineData("\"PUT /assets/media/a%20b.jpg HTTP/1.1\" 200 -", "media/a b.jpg")]
    [InlineData("\"PUT /assets/media/a?x-id=PutObject HTTP/1.1\" 200 -", "media/a")]
    [InlineData("\"POST /assets/media/a?uploadId=12 HTTP/1.1\" 200 -", "media/a")]
    [InlineData("\"DELETE /assets/media/a%20b.jpg?x-id=DeleteObject HTTP/1.1\" 204 -", "media/a b.jpg")]
    [InlineData("\"DELETE /assets/media/a?uploadId=12 HTTP/1.1\" 204 -", null)]
    [InlineData("\"PUT /assets/media/a?partNumber=1&uploadId=12 HTTP/1.1\" 200 -", null)]
    [InlineData("\"POST /assets/media/a?uploads HTTP/1.1\" 200 -", null)]
    [InlineData("\"PUT /assets/media/a HTTP/1.1\" 412 -", null)]
    [InlineData("\"GET /assets/media/a HTTP/1.1\" 200 -", null)]
    [InlineData("\"PUT /other/media/a HTTP/1.1\" 200 -", null)]
    [InlineData("\"PUT /assets HTTP/1.1\" 200 -", null)]
    public void ChangedKey_Line_IsTheKeyOfTheObject(string line, string? key)
    {
        Assert.True(AccessLogLine.TryParse("127.0.0.1 - - [21/Nov/2026:01:14:30 +0000] " + line, out AccessLogLine request));

        Assert.Equal(key, S3Requests.ChangedKey(request, "assets"));
    }
}
