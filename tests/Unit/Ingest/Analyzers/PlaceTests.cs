using Serverless.Ingest.Analyzers;
using Xunit;

namespace Serverless.Unit.Ingest.Analyzers;

public sealed class PlaceTests
{
    [Fact]
    public void OfText_IsAFragmentByRfc5147()
    {
        string place = Place.OfText(120, 350);

        Assert.Equal("char=120,350", place);
        Assert.Equal((120, 350), Place.ReadText(place));
        Assert.Null(Place.ReadTime(place));
    }

    [Fact]
    public void OfTime_IsAMediaFragment()
    {
        string place = Place.OfTime(12.48, 20.1004);

        Assert.Equal("t=12.48,20.1", place);
        Assert.Equal((12.48, 20.1), Place.ReadTime(place));
        Assert.Null(Place.ReadText(place));
    }

    [Fact]
    public void Whole_IsNeither()
    {
        Assert.Null(Place.ReadText(Place.Whole));
        Assert.Null(Place.ReadTime(Place.Whole));
    }
}
