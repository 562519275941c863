using Serverless.Functions.Azure.Access;
using Serverless.Functions.Azure.Health;
using Serverless.Ingest.Health;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Health;

public sealed class HealthFindingsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    /// <summary>Whoever wrote it believes that a key is refused from then on, while what was known holds.</summary>
    [Fact]
    public void AFileOfKeys_ThatCannotBeTaken_IsFound_UntilItCan()
    {
        File.WriteAllText(_file, "{}");
        Followed<object> followed = new AccessOptions { File = _file }.Follow<object>(current => current);

        HealthFinding[] sound = [.. HealthFindings.Faults(("Access:File", followed))];
        File.WriteAllText(_file, """{"otherKeys":"everything"}""");
        HealthFinding found = Assert.Single(HealthFindings.Faults(("Access:File", followed)));
        File.WriteAllText(_file, """{"otherKeys":"read"}""");

        Assert.Empty(sound);
        Assert.Equal("file of Access:File", found.Thing);
        Assert.Contains("OtherKeys names 'everything'", found.Found, StringComparison.Ordinal);
        Assert.EndsWith("What it said before holds.", found.Found, StringComparison.Ordinal);
        Assert.Empty(HealthFindings.Faults(("Access:File", followed)));
    }
}
