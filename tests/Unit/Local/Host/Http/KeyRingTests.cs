using System.Text.Json;
using Microsoft.Extensions.Logging;
using Serverless.Local.Host;
using Serverless.Local.Host.Http;
using Xunit;

namespace Serverless.Unit.Local.Host.Http;

public sealed class KeyRingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("keys").FullName;

    private readonly RecordedLog _log = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void LoadOrCreate_NoFile_MakesMasterAndDefaultHostKey()
    {
        KeyRing.LoadOrCreate(_folder, _log);

        KeyFile keys = KeyFile.Read(KeyFile.PathIn(_folder))!;
        Assert.NotEmpty(keys.MasterKey);
        Assert.NotEqual(keys.MasterKey, keys.FunctionKeys["default"]);
    }

    [Fact]
    public void LoadOrCreate_FileWithoutSystemKeys_IsRead()
    {
        File.WriteAllText(KeyFile.PathIn(_folder), """{ "masterKey": "m", "functionKeys": { "default": "f" }, "functions": null }""");

        KeyRing keys = KeyRing.LoadOrCreate(_folder, _log);

        Assert.True(keys.Allows(AccessLevel.Function, "Predict", "f"));
        Assert.True(keys.Allows(AccessLevel.Admin, null, "m"));
    }

    [Theory]
    [InlineData("{}", "holds no masterKey")]
    [InlineData("{", "is not valid")]
    public void LoadOrCreate_BadFile_SaysWhatToDo(string content, string fault)
    {
        File.WriteAllText(KeyFile.PathIn(_folder), content);

        HostStartException failure = Assert.Throws<HostStartException>(() => KeyRing.LoadOrCreate(_folder, _log));

        Assert.Contains(fault, failure.Message);
        Assert.Contains("elete it", failure.Message);
    }

    [Theory]
    [InlineData("anonymous", "", true)]
    [InlineData("function", "", false)]
    [InlineData("function", "host", true)]
    [InlineData("function", "own", true)]
    [InlineData("function", "other", false)]
    [InlineData("function", "master", true)]
    [InlineData("function", "system", false)]
    [InlineData("system", "system", true)]
    [InlineData("system", "host", false)]
    [InlineData("system", "master", true)]
    [InlineData("admin", "host", false)]
    [InlineData("admin", "system", false)]
    [InlineData("admin", "master", true)]
    public void Allows_Level_OpensForItsKeys(string level, string given, bool allowed)
    {
        new KeyFile(
            "master",
            new() { ["default"] = "host" },
            new() { ["durabletask_extension"] = "system" },
            new()
            {
                ["Predict"] = new() { ["default"] = "own" },
                ["Search"] = new() { ["default"] = "other" },
            }
        ).Write(KeyFile.PathIn(_folder));
        KeyRing keys = KeyRing.LoadOrCreate(_folder, _log);
        AccessLevel asked = Enum.Parse<AccessLevel>(level, ignoreCase: true);

        bool found = keys.Allows(asked, asked == AccessLevel.System ? "durabletask_extension" : "predict", given);

        Assert.Equal(allowed, found);
    }

    [Fact]
    public void SystemKey_AskedTwice_IsMadeOnceAndKept()
    {
        string first = KeyRing.LoadOrCreate(_folder, _log).SystemKey("blobs_extension");

        string second = KeyRing.LoadOrCreate(_folder, _log).SystemKey("blobs_extension");

        Assert.Equal(first, second);
    }

    [Fact]
    public void AddFunctions_NewFunction_GetsADefaultKeyThatOpensItAlone()
    {
        KeyRing keys = KeyRing.LoadOrCreate(_folder, _log);

        keys.AddFunctions(["Predict", "Search"]);

        string key = KeyFile.Read(KeyFile.PathIn(_folder))!.Functions["Predict"]["default"];
        Assert.True(keys.Allows(AccessLevel.Function, "Predict", key));
        Assert.False(keys.Allows(AccessLevel.Function, "Search", key));
    }

    [Fact]
    public void Allows_AfterTheFileHasChanged_TheNewKeyAndNoLongerTheFormer()
    {
        string path = KeyFile.PathIn(_folder);
        new KeyFile("master", new() { ["default"] = "former" }, [], []).Write(path);
        KeyRing keys = KeyRing.LoadOrCreate(_folder, _log);
        bool before = keys.Allows(AccessLevel.Function, "Predict", "former");

        new KeyFile("master", new() { ["default"] = "former", ["next"] = "new-one" }, [], []).Write(path);
        bool[] both = [keys.Allows(AccessLevel.Function, "Predict", "former"), keys.Allows(AccessLevel.Function, "Predict", "new-one")];
        new KeyFile("master", new() { ["default"] = "new-one" }, [], []).Write(path);
        bool[] after = [keys.Allows(AccessLevel.Function, "Predict", "former"), keys.Allows(AccessLevel.Function, "Predict", "new-one")];

        Assert.True(before);
        Assert.Equal([true, true], both);
        Assert.Equal([false, true], after);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData(null)]
    public void Allows_WhileTheFileCannotBeRead_TheKeysThatWereKnown(string? content)
    {
        string path = KeyFile.PathIn(_folder);
        new KeyFile("master", new() { ["default"] = "host" }, [], []).Write(path);
        KeyRing keys = KeyRing.LoadOrCreate(_folder, _log);

        File.Delete(path);
        if (content is not null)
        {
            File.WriteAllText(path, content);
        }

        Assert.True(keys.Allows(AccessLevel.Function, "Predict", "host"));
    }

    /// <summary>Whoever changed it believes that the former key is refused.</summary>
    [Fact]
    public void AFileThatCannotBeRead_IsLogged_OnceForEachChange()
    {
        string path = KeyFile.PathIn(_folder);
        KeyRing keys = KeyRing.LoadOrCreate(_folder, _log);

        File.WriteAllText(path, "{");
        keys.Allows(AccessLevel.Function, "Predict", "any");
        keys.Allows(AccessLevel.Function, "Predict", "any");
        string[] first = [.. _log.Lines];
        File.WriteAllText(path, "{}");
        keys.Allows(AccessLevel.Function, "Predict", "any");

        Assert.Contains($"The keys that were known hold, also those that were to end: {path} is not valid", Assert.Single(first));
        Assert.Contains("holds no masterKey", _log.Lines[1]);
    }

    [Fact]
    public void SystemKey_AfterTheFileHasChanged_KeepsWhatWasWritten()
    {
        string path = KeyFile.PathIn(_folder);
        new KeyFile("master", new() { ["default"] = "host" }, [], []).Write(path);
        KeyRing keys = KeyRing.LoadOrCreate(_folder, _log);
        new KeyFile("master", new() { ["default"] = "renewed" }, [], []).Write(path);

        keys.SystemKey("blobs_extension");

        Assert.Equal("renewed", KeyFile.Read(path)!.FunctionKeys["default"]);
    }

    [Fact]
    public void Write_OnUnix_OnlyTheOwnerReads()
    {
        KeyRing.LoadOrCreate(_folder, _log);

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile.PathIn(_folder)));
        }
    }

    [Fact]
    public void Write_DefaultKey_LiesWhereTheStackReadsIt()
    {
        KeyRing.LoadOrCreate(_folder, _log);

        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(KeyFile.PathIn(_folder)));

        Assert.NotEmpty(file.RootElement.GetProperty("functionKeys").GetProperty("default").GetString()!);
    }

    private sealed class RecordedLog : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Add(formatter(state, exception));
    }
}
