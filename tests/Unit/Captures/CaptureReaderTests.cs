using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Captures;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Captures;

public sealed class CaptureReaderTests(SharedServers servers)
{
    private const string Line =
        """{"kind":"prediction","predictionId":"p","time":"2030-01-02T03:59:59.9999Z","model":"m","version":1,"environment":"prod","arm":"stable"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_DamagedLines_AreCountedAndNamed_AndTheOthersAreRead()
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        CaptureReader reader = new(store, NullLogger<CaptureReader>.Instance);
        await WriteAsync(store, "captures/m/1/a.gz", Pack($"{Line}\n{{\"kind\":\n{Line}\n"));
        await WriteAsync(store, "captures/m/1/b.gz", Pack($"{Line}\n{Line}"));
        await WriteAsync(store, "captures/m/1/c.gz", Pack($"{Line}\n{new string('x', 2_000_000)}"));
        await WriteAsync(store, "captures/m/1/d.gz", Encoding.UTF8.GetBytes(Line));
        await WriteAsync(store, "captures/m/1/e.gz", Pack($"{Line}\n{new string('x', 2_000_000)}\nnull\n{Line}\n{Line}\n"));

        // 20,000 lines that are none, then one that is: such a file is not read to its end.
        await WriteAsync(store, "captures/m/1/f.gz", Pack($"{Line}\n{new string('\n', 20_000)}{Line}\n"));

        Assert.Equal((2, "line 2 False"), await ReadAsync("a"));
        Assert.Equal((1, "line 2 True"), await ReadAsync("b"));
        Assert.Equal((1, "line 2 True"), await ReadAsync("c"));
        Assert.Equal((0, "line 1 True"), await ReadAsync("d"));
        Assert.Equal((3, "line 2 False, line 3 False"), await ReadAsync("e"));

        (int sound, string damaged) = await ReadAsync("f");
        Assert.Equal((1, 10_001), (sound, damaged.Split(", ").Length));
        Assert.EndsWith("line 10002 True", damaged);

        async Task<(int Lines, string Damages)> ReadAsync(string name)
        {
            List<string> damages = [];
            int lines = await reader
                .ReadAsync($"captures/m/1/{name}.gz", damage => damages.Add($"{damage.ToString().Split(':')[0]} {damage.EndsFile}"), Token)
                .CountAsync(Token);
            return (lines, string.Join(", ", damages));
        }
    }

    [Fact]
    public async Task List_Window_GivesFilesOfItsHoursThatMayHaveLinesOfIt()
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        CaptureReader reader = new(store, NullLogger<CaptureReader>.Instance);
        DateTimeOffset hour = new(2030, 1, 2, 3, 0, 0, TimeSpan.Zero);
        await WriteAsync(store, CapturePath.Make("m", 1, hour.AddMinutes(10), hour.AddMinutes(20), "w", 1).Path, Pack(""));
        await WriteAsync(store, CapturePath.Make("m", 1, hour.AddMinutes(30), hour.AddMinutes(59.999), "w", 2).Path, Pack($"{Line}\n"));
        await WriteAsync(store, CapturePath.Make("m", 1, hour.AddHours(1), hour.AddHours(1.5), "w", 3).Path, Pack(""));
        await WriteAsync(store, CapturePath.FolderOf("m", 1, hour) + "note.txt", []);

        CapturePath[] found = await reader.ListAsync("m", 1, hour.AddMinutes(21), hour.AddMinutes(90), Token).ToArrayAsync(Token);

        Assert.Equal([hour.AddMinutes(30), hour.AddHours(1)], found.Select(path => path.First));
        Assert.Single(await reader.ReadAsync("m", 1, hour.AddMinutes(59.99), hour.AddHours(1), Token).ToListAsync(Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            reader.ListAsync("m", 1, hour, hour.AddDays(40), Token).ToListAsync(Token).AsTask()
        );
    }

    private static byte[] Pack(string text)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }
        return packed.ToArray();
    }

    private static Task WriteAsync(IObjectStore store, string path, byte[] content) =>
        store.WriteAsync(path, new MemoryStream(content), WriteCondition.IfAbsent, "application/gzip", Token);
}
