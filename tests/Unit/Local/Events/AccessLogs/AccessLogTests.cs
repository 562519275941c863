using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Local.Events.AccessLogs;
using Xunit;

namespace Serverless.Unit.Local.Events.AccessLogs;

public sealed class AccessLogTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("log-").FullName;
    private readonly Channel<string> _seen = Channel.CreateUnbounded<string>();

    private string LogPath => Path.Combine(_directory, "access.log");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Lines_WrittenAfterTheStart_AreSeen_HoweverTheyAreCut()
    {
        File.WriteAllText(LogPath, Line("/old"));
        await using AccessLog log = Follow();

        foreach (char[] piece in (Line("/a%20ü") + Line("/b")).Chunk(7))
        {
            File.AppendAllText(LogPath, new string(piece));
        }

        Assert.Equal("/a%20ü", await NextAsync());
        Assert.Equal("/b", await NextAsync());
    }

    [Fact]
    public async Task File_ThatComesLater_IsFollowed()
    {
        await using AccessLog log = Follow();

        File.WriteAllText(LogPath, Line("/a"));

        Assert.Equal("/a", await NextAsync());
    }

    [Fact]
    public async Task File_BegunAnew_IsReadFromItsBeginning()
    {
        File.WriteAllText(LogPath, Line("/a-long-first-line"));
        await using AccessLog log = Follow();
        File.AppendAllText(LogPath, Line("/b"));
        Assert.Equal("/b", await NextAsync());

        File.WriteAllText(LogPath, Line("/c"));

        Assert.Equal("/c", await NextAsync());
    }

    private static string Line(string path) => $"127.0.0.1 - - [21/Nov/2026:01:14:30 +0000] \"PUT {path} HTTP/1.1\" 201 -\n";

    private AccessLog Follow() => new(LogPath, line => _seen.Writer.TryWrite(line.Path), TimeProvider.System, NullLogger.Instance);

    private async Task<string> NextAsync() =>
        await _seen.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
}
