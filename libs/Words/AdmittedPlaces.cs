namespace Serverless.Words;

/// <summary>Names an asset, and with its name as seed a place of it, as others name it whose places are filtered.</summary>
public delegate ulong PlaceHash(ulong seed, ReadOnlySpan<byte> name);

/// <summary>
/// The documents of a part of the index by keys, each by its number: the same object for the same part, which never changes. Those of an
/// asset stand side by side.
/// </summary>
/// <param name="Assets">The key of the asset of each document; 0 of those without a place.</param>
/// <param name="Places">That of its place.</param>
public sealed record PlaceKeys(ulong[] Assets, ulong[] Places);

/// <summary>
/// The places of a part of the index that one search admits, for who finds places by other means. Stays true of the state that was
/// searched, and outlives the search.
/// </summary>
/// <param name="Bits">One for each document.</param>
public sealed record AdmittedPlaces(PlaceKeys Keys, long[] Bits);
