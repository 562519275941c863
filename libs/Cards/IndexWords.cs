namespace Serverless.Cards;

/// <summary>What both writers say of the index.</summary>
internal static class IndexWords
{
    public const string Caution =
        "Where what these headings ask for stands in this card. A heading with a section is not thereby fulfilled; one without has nothing "
        + "recorded here.";

    public static string TitleOf(Card card, string id) => card.Sections.First(section => section.Id == id).Title;
}
