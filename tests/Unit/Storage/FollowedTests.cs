using System.Text;
using System.Text.Json;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Storage;

public sealed class FollowedTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    // Each of another length: what is written within one tick of the file system's clock is told by its length.
    [Fact]
    public void AFile_IsReadAgain_WhenItHasChanged_AndOnlyThen()
    {
        File.WriteAllText(_file, "1");
        int read = 0;
        Followed<string> followed = Followed<string>.File(_file, 100, content => Encoding.UTF8.GetString(content) + read++);

        string[] found = [followed.Current, followed.Current];
        File.WriteAllText(_file, "22");

        Assert.Equal(["10", "10"], found);
        Assert.Equal("221", followed.Current);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("much too long")]
    [InlineData(null)]
    public void AFileThatCannotBeTaken_LeavesWhatItSaidBefore_UntilItCan(string? content)
    {
        File.WriteAllText(_file, "1");
        Followed<object> followed = Followed<object>.File(_file, 10, json => JsonSerializer.Deserialize<JsonElement>(json).GetInt32());

        Write(content);
        object held = followed.Current;
        string? fault = followed.Fault;
        Write("222");

        Assert.Equal((1, 222), (held, followed.Current));
        Assert.Contains(_file, fault, StringComparison.Ordinal);
        Assert.Null(followed.Fault);
    }

    [Fact]
    public void AFileThatIsWrongAtTheStart_IsNamed()
    {
        File.WriteAllText(_file, "{");
        ArgumentException none = Assert.Throws<ArgumentException>(() => Followed<object>.File(_file + "x", 10, json => json));
        ArgumentException wrong = Assert.Throws<ArgumentException>(() =>
            Followed<object>.File(_file, 10, json => JsonSerializer.Deserialize<JsonElement>(json))
        );

        Assert.StartsWith($"There is no file {_file}x", none.Message, StringComparison.Ordinal);
        Assert.StartsWith($"{_file} cannot be read. ", wrong.Message, StringComparison.Ordinal);
    }

    private void Write(string? content)
    {
        if (content is null)
        {
            File.Delete(_file);
            return;
        }
        File.WriteAllText(_file, content);
    }
}
