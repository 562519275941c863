using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Embedded.Runtime.StorageLog;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.StorageLog;

public sealed class AccessLogTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("log-").FullName;
    private readonly Recorder _seen = new();

    private string LogPath => Path.Combine(_directory, "access.log");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Lines_WrittenAfterTheStart_AreSeen_HoweverTheyAreCut()
    {
        File.WriteAllText(LogPath, Line("/old"));
        await using var log = Follow();

        foreach (var piece in (Line("/a%20ü") + Line("/b")).Chunk(7))
            File.AppendAllText(LogPath, new string(piece));

        Assert.Equal(["/a%20ü", "/b"], await _seen.NextAsync(2));
    }

    [Fact]
    public async Task File_ThatComesLater_IsFollowed()
    {
        await using var log = Follow();

        File.WriteAllText(LogPath, Line("/a"));

        Assert.Equal("/a", await _seen.NextAsync());
    }

    [Fact]
    public async Task File_BegunAnew_IsReadFromItsBeginning()
    {
        File.WriteAllText(LogPath, Line("/a-long-first-line"));
        await using var log = Follow();
        File.AppendAllText(LogPath, Line("/b"));
        Assert.Equal("/b", await _seen.NextAsync());

        File.WriteAllText(LogPath, Line("/c"));

        Assert.Equal("/c", await _seen.NextAsync());
    }

    private static string Line(string path) => $"127.0.0.1 - - [21/Nov/2026:01:14:30 +0000] \"PUT {path} HTTP/1.1\" 201 -\n";

    private AccessLog Follow()
    {
        var log = new AccessLog(LogPath, TimeProvider.System, NullLogger.Instance);
        log.Subscribe(line => _seen.Add(line.Path));
        return log;
    }
}
