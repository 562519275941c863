using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Ingest;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Storage;

public sealed class OptionsCheckTests
{
    [Fact]
    public void Find_NamesEveryProblem_WithTheValueFoundAndThoseAllowed()
    {
        Settings settings = new()
        {
            Name = "",
            Code = "x1",
            Workers = 65,
            Bytes = 0,
            Share = double.NaN,
            Pause = TimeSpan.Zero,
            Places = [],
            First = 2,
        };

        Assert.Equal(
            [
                "Part:Name is empty; it must name something.",
                "Part:Code is 'x1'; allowed is what [a-z]+ matches.",
                "Part:Workers is 65; allowed are 1 to 64.",
                "Part:Bytes is 0; allowed is 1 or more.",
                "Part:Share is NaN; allowed is above 0.5, below 1.",
                "Part:Pause is 00:00:00; allowed is above 00:00:00, up to 1.00:00:00.",
                "Part:Places is empty; allowed are 1 or more.",
                "Part:First is 2 and Last is 1; First must not be above Last.",
            ],
            OptionsCheck.Find(("Part", settings))
        );
    }

    [Fact]
    public void Run_OfWhatIsRight_SaysNothing() => OptionsCheck.Run(("Part", new Settings()), ("Other", new object()));

    [Fact]
    public void AddAssets_NamesEachSettingByItsSection()
    {
        var refused = Assert.Throws<ArgumentException>(() =>
            new ServiceCollection().AddAssets(options =>
            {
                (options.VideoAnalysis.FramePixels, options.Video.DecoderThreads) = (1, 0);
                options.Events.Endpoint = new Uri("ftp://host/");
                options.Events.AnnounceWithin = TimeSpan.Zero;
            })
        );

        Assert.Equal(
            "Settings are wrong. Video:DecoderThreads is 0; allowed are 1 to 64. VideoAnalysis:FramePixels is 1; allowed are 64 to 4,096. "
                + "Events:AnnounceWithin is 00:00:00; allowed is above 00:00:00, up to 1.00:00:00. Events:Endpoint is 'ftp://host/'; "
                + "allowed is an absolute http or https address. Events:SigningKey is empty; it, or SigningKeyFile, must stand "
                + "beside Endpoint.",
            refused.Message
        );
    }

    private sealed class Settings : IValidatableObject
    {
        [Required(ErrorMessage = "it must name something")]
        public string Name { get; set; } = "a";

        [RegularExpression("[a-z]+")]
        public string Code { get; set; } = "a";

        [Range(1, 64)]
        public int Workers { get; set; } = 1;

        [Range(1, long.MaxValue)]
        public long Bytes { get; set; } = 1;

        [Range(0.5, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
        public double Share { get; set; } = 0.9;

        [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
        public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(1);

        [MinLength(1)]
        public IList<string> Places { get; set; } = ["a"];

        public int First { get; set; }

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
            First > 1 ? [new($"First is {First} and Last is 1; First must not be above Last.")] : [];
    }
}
