using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Serverless.Unit.AzureSearch;

/// <summary>The part of OData that filters here are written in, read by descent; each field that is named must be filterable.</summary>
internal sealed partial class SearchFilter
{
    private readonly SearchServerIndex _index;
    private readonly List<string> _tokens;
    private int _at;

    private SearchFilter(SearchServerIndex index, List<string> tokens)
    {
        (_index, _tokens) = (index, tokens);
        Admits = _ => true;
    }

    public Func<JsonObject, bool> Admits { get; private set; }

    public static SearchFilter Parse(string? text, SearchServerIndex index)
    {
        string given = text ?? "";
        List<string> tokens = [];
        int end = 0;
        foreach (Match match in Token().Matches(given))
        {
            SearchServer.Check(string.IsNullOrWhiteSpace(given[end..match.Index]), $"The filter has '{given[end..match.Index]}'.");
            tokens.Add(match.Value);
            end = match.Index + match.Length;
        }
        SearchServer.Check(string.IsNullOrWhiteSpace(given[end..]), $"The filter ends with '{given[end..]}'.");
        SearchFilter filter = new(index, tokens);
        if (tokens.Count > 0)
        {
            Func<Scope, bool> read = filter.ReadOr();
            SearchServer.Check(filter._at == tokens.Count, $"The filter goes on with '{filter.Peek}'.");
            filter.Admits = document => read(new Scope(document, null, null));
        }
        return filter;
    }

    private sealed record Scope(JsonObject Document, string? Name, string? Value);

    private string Peek => _at < _tokens.Count ? _tokens[_at] : "";

    private string Next() => _at < _tokens.Count ? _tokens[_at++] : throw new SearchProblem(400, "The filter ends too early.");

    private void Expect(string token) => SearchServer.Check(Next() == token, $"The filter lacks '{token}' before '{Peek}'.");

    private Func<Scope, bool> ReadOr()
    {
        Func<Scope, bool> left = ReadAnd();
        while (Peek == "or")
        {
            Next();
            (Func<Scope, bool> first, Func<Scope, bool> second) = (left, ReadAnd());
            left = scope => first(scope) || second(scope);
        }
        return left;
    }

    private Func<Scope, bool> ReadAnd()
    {
        Func<Scope, bool> left = ReadOne();
        while (Peek == "and")
        {
            Next();
            (Func<Scope, bool> first, Func<Scope, bool> second) = (left, ReadOne());
            left = scope => first(scope) && second(scope);
        }
        return left;
    }

    private Func<Scope, bool> ReadOne()
    {
        switch (Peek)
        {
            case "not":
                Next();
                Func<Scope, bool> denied = ReadOne();
                return scope => !denied(scope);
            case "(":
                Next();
                Func<Scope, bool> inner = ReadOr();
                Expect(")");
                return inner;
            case "search.in":
                return ReadIn();
            case "search.ismatch":
                return ReadMatch();
            default:
                return ReadField();
        }
    }

    private Func<Scope, bool> ReadIn()
    {
        Next();
        Expect("(");
        string field = Next();
        Expect(",");
        string values = Literal(Next());
        Expect(",");
        string separators = Literal(Next());
        Expect(")");
        HashSet<string> any = [.. values.Split(separators.ToCharArray())];
        Func<Scope, JsonNode?> read = ValueOf(field);
        return scope => read(scope) is { } value && any.Contains((string)value!);
    }

    private Func<Scope, bool> ReadMatch()
    {
        Next();
        Expect("(");
        SearchText query = SearchText.Parse(Literal(Next()));
        Expect(",");
        string field = Literal(Next());
        Expect(",");
        SearchServer.Check(Literal(Next()) == "full", "Only the full syntax is read here.");
        Expect(",");
        string mode = Literal(Next());
        SearchServer.Check(mode is "any" or "all", $"'{mode}' is no search mode.");
        Expect(")");
        SearchServer.Check(SearchServerIndex.Is(_index.FieldOf(field), "searchable"), $"Field '{field}' is not searchable.");
        return mode == "all"
            ? scope => query.IsWhollyIn((string?)scope.Document[field], field)
            : scope => query.Score((string?)scope.Document[field], field) > 0;
    }

    private Func<Scope, bool> ReadField()
    {
        string field = Next();
        if (Peek == "/any")
        {
            Next();
            Expect("(");
            string name = Next();
            Expect(":");
            CheckFilterable(field);
            _names.Add(name);
            Func<Scope, bool> one = ReadOr();
            _names.Remove(name);
            Expect(")");
            return scope =>
                (scope.Document[field] as JsonArray ?? []).Any(value => one(scope with { Name = name, Value = (string)value! }));
        }
        Func<Scope, JsonNode?> read = ValueOf(field);
        string comparison = Next();
        string given = Next();
        return scope =>
            Compare(read(scope), given) is { } order
            && comparison switch
            {
                "eq" => order == 0,
                "ne" => order != 0,
                "gt" => order > 0,
                "ge" => order >= 0,
                "lt" => order < 0,
                "le" => order <= 0,
                _ => throw new SearchProblem(400, $"'{comparison}' compares nothing."),
            };
    }

    private readonly HashSet<string> _names = [];

    private Func<Scope, JsonNode?> ValueOf(string field)
    {
        if (_names.Contains(field))
        {
            return scope => JsonValue.Create(scope.Value);
        }
        CheckFilterable(field);
        return scope => scope.Document[field];
    }

    private void CheckFilterable(string field) =>
        SearchServer.Check(SearchServerIndex.Is(_index.FieldOf(field), "filterable"), $"Field '{field}' is not filterable.");

    private static int? Compare(JsonNode? value, string given)
    {
        if (given is "true" or "false")
        {
            return ((bool?)value ?? false).CompareTo(given == "true");
        }
        if (value is null)
        {
            return null;
        }
        return given[0] == '\''
            ? string.CompareOrdinal((string)value!, Literal(given))
            : ((long)value).CompareTo(long.Parse(given, CultureInfo.InvariantCulture));
    }

    private static string Literal(string token)
    {
        SearchServer.Check(token is ['\'', .., '\''], $"'{token}' is no text.");
        return token[1..^1].Replace("''", "'", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"'(?:[^']|'')*'|/any|search\.in|search\.ismatch|[A-Za-z_][A-Za-z0-9_]*|-?\d+|[(),:]")]
    private static partial Regex Token();
}
